import { chunks } from '@cairnkit/conformance/faults'
import { describe, expect, it } from 'vitest'
import { judge } from '../proof/proof.js'
import { RemoteDriver } from '../support/remote-driver.js'
import { networkProof, suiteOverNetwork } from './network-proof.js'

describe.concurrent('the driver suite over a network', () => {
  it.each([
    ['that is understood', networkProof.runUnbroken],
    ['of which nothing is known', suiteOverNetwork(RemoteDriver, chunks, 150_000)],
  ] as const)('passes on a driver that keeps the contract, in a protocol %s', async (_, runSuite) => {
    const outcomes = await runSuite()
    expect(outcomes.length).toBeGreaterThan(15)
    expect(outcomes.filter(({ state }) => state === 'failed')).toEqual([])
    expect(outcomes.filter(({ reason }) => reason.includes('through a proxy'))).toEqual([])
  })

  it.each(networkProof.broken)('notices a driver that $name', async (broken) => {
    expect((await judge(broken)).missedBy).toEqual([])
  })
})
