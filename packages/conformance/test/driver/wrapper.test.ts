import { describeStorageDriver } from '@cairnkit/conformance'
import type { StorageDriver } from '@cairnkit/core/driver'
import { createMemoryDriver } from '@cairnkit/memory'
import * as runner from 'vitest'
import { type ObservedCall, ObservedDriver } from '../support/observed-driver.js'

const { describe, expect, it } = runner

let now = 0
const calls: ObservedCall[] = []
const wrapped = new WeakMap<StorageDriver, StorageDriver>()

function observed(driver: StorageDriver): ObservedDriver {
  const wrapper = new ObservedDriver(driver, (call) => calls.push(call))
  wrapped.set(wrapper, driver)
  return wrapper
}

describeStorageDriver(runner, {
  name: 'a wrapper around memory',
  createDriver: () => observed(createMemoryDriver({ clock: () => now })),
  secondDriver: (first) => observed(wrapped.get(first) as StorageDriver),
  model: () => createMemoryDriver(),
  advance: (ms) => void (now += ms),
})

describe('the wrapper', () => {
  it('was told of every kind of call, and of failures', () => {
    const kinds = new Set(calls.map(({ operation }) => operation))
    expect([...kinds].sort()).toEqual(['close', 'commit', 'drop', 'open', 'partitions', 'read'])
    expect(calls.some(({ failure }) => failure?.code === 'closed')).toBe(true)
    expect(calls.some(({ failure }) => failure?.code === 'corrupt')).toBe(true)
  })
})
