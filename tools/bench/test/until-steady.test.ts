import { describe, expect, test } from 'vitest'
import { untilSteady } from '../src/run/until-steady.js'

async function roundsOf(most: number, timesMs: readonly number[]): Promise<number> {
  let rounds = 0
  await untilSteady(most, async (number) => {
    rounds += 1
    return timesMs[number] ?? Number.NaN
  })
  return rounds
}

describe('a warm-up goes on', () => {
  test.each([
    ['while it gets faster', 12, [900, 800, 700, 600, 550, 500, 500, 500, 500, 400], 9],
    ['three rounds behind the best one', 12, [500, 500, 500, 500, 400], 4],
    ['behind a round that was slow by chance', 12, [900, 950, 700, 900, 900, 900, 100], 6],
    ['no further for what is next to nothing', 12, [500, 499, 498, 497, 496], 4],
    ['for as many rounds as it may', 3, [900, 800, 700, 600], 3],
    ['not at all where there is none', 0, [900], 0],
    ['no longer than a few rounds of what fails', 12, Array.from({ length: 12 }, () => Infinity), 3],
  ])('%s', async (_, most, timesMs, rounds) => {
    expect(await roundsOf(most, timesMs)).toBe(rounds)
  })
})
