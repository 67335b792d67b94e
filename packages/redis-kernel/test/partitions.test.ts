import { encodePartitionId } from '@cairnkit/core/driver'
import { describe, expect, it } from 'vitest'
import { PartitionKeys } from '../src/storage/encoding/partition-key.js'
import { type Subject, bytes, useLab } from './support/subject.js'

const subject = useLab()

async function list(one: Subject, prefix: string): Promise<string[]> {
  const ids: string[] = []
  for await (const id of one.driver.partitions(prefix)) ids.push(id)
  return ids.sort()
}

const put = { mutations: [{ type: 'put', key: ['a'], bytes: bytes() }] } as const

describe('listing', () => {
  it('takes no character of prefix or keyPrefix for a pattern', async () => {
    const one = subject({ keyPrefix: 'a*[b]?\\' })
    const other = subject({ keyPrefix: 'axx[b]xx' })
    const ids = ['*', '(x)', "'", '!~', 'x', '[x]'].map((part) => encodePartitionId(['root', part]))
    for (const id of ids) await one.driver.commit(id, put)
    await other.driver.commit('root:no', put)
    expect(await list(one, '')).toEqual([...ids].sort())
    expect(await list(one, 'root:*')).toEqual(['root:*'])
    expect(await list(one, 'root:[')).toEqual([])
    expect(await list(other, '')).toEqual(['root:no'])
  })

  it('stops when its signal fires, also on its last page', async () => {
    const one = subject({ keyPrefix: 'stops' })
    for (const id of ['a', 'b', 'c']) await one.driver.commit(id, put)
    for (const last of [1, 3]) {
      const controller = new AbortController()
      let seen = 0
      const walk = async (): Promise<void> => {
        for await (const _ of one.driver.partitions('', { signal: controller.signal })) {
          if (++seen === last) controller.abort()
        }
      }
      await expect(walk()).rejects.toMatchObject({ code: 'aborted' })
      expect(seen).toBe(last)
    }
  })

  it('skips keys that are no partitions', async () => {
    const one = subject({ keyPrefix: 'mixed' })
    await one.driver.commit('ours', put)
    for (const key of [
      'mixed:{text}',
      'mixed:{}',
      'mixed:{a',
      'mixed:a}',
      'mixed:{a}{b}',
      'mixed:{a}:x',
      'mixed2:{a}',
    ]) {
      await one.node.command(
        key === 'mixed:{text}' ? 'SET' : 'ZADD',
        key,
        ...(key === 'mixed:{text}' ? ['1'] : ['0', 'x']),
      )
    }
    expect(await list(one, '')).toEqual(['ours'])
  })

  it('goes page by page, on every primary, and gives each once', async () => {
    const one = subject({ keyPrefix: 'many' })
    const ids = Array.from({ length: 1500 }, (_, at) => `t${at}`)
    await Promise.all(ids.map((id) => one.driver.commit(id, put)))
    one.transport.takeNames()
    const twice = [...(await one.transport.primaries()), ...(await one.transport.primaries())]
    one.transport.primaries = () => Promise.resolve(twice)
    expect(await list(one, 't')).toEqual([...ids].sort())
    const names = one.transport.takeNames()
    expect(names.filter((name) => name === 'SCAN').length).toBeGreaterThan(4)
    // One look at each key, for the tombstones of what was dropped.
    expect(new Set(names)).toEqual(new Set(['SCAN', 'ZRANGE']))
  })

  it('stops when it is left, and when the caller gives up', async () => {
    const one = subject({ keyPrefix: 'many' })
    for await (const id of one.driver.partitions('t')) {
      expect(id).toMatch(/^t/)
      break
    }
    const sent = one.transport.takeNames().filter((name) => name === 'SCAN').length
    expect(sent).toBeLessThan(6)
    const controller = new AbortController()
    const collecting = (async () => {
      for await (const _id of one.driver.partitions('t', { signal: controller.signal })) controller.abort()
    })()
    await expect(collecting).rejects.toMatchObject({ code: 'aborted' })
  })
})

describe('key names', () => {
  it.each([['plain'], ['%'], ['a:b'], [encodePartitionId(['{}', '\ud800', '😀', '*'])]])(
    '%s and back',
    (id) => {
      const keys = new PartitionKeys('cairn')
      expect(Buffer.from(keys.encode(id)).toString()).toBe(`cairn:{${id}}`)
      expect(keys.decode(keys.encode(id))).toBe(id)
    },
  )
})
