import { describe, expect, it } from 'vitest'
import { judge, repeatedNames } from '../proof/proof.js'
import { driverProof } from './proof.js'

describe('the driver suite', () => {
  it('passes on a driver that keeps the contract, gives a reason for each skip, and names each test once', async () => {
    const outcomes = await driverProof.runUnbroken()
    expect(outcomes.filter(({ state }) => state === 'failed')).toEqual([])
    expect(outcomes.length).toBeGreaterThan(400)
    expect(outcomes.filter(({ state, reason }) => state === 'skipped' && reason === '')).toEqual([])
    expect(repeatedNames(outcomes)).toEqual([])
  })

  it.each(driverProof.broken)('notices a driver that $name', async (broken) => {
    expect((await judge(broken)).missedBy).toEqual([])
  })
})
