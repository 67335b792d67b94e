import { describe, expect, test } from 'vitest'
import { untilSteady } from '../src/run/until-steady.js'

async function roundsOf(
  most: number,
  timesMs: readonly number[],
  { maxMs, expectedMs } = { maxMs: Number.POSITIVE_INFINITY, expectedMs: 0 },
): Promise<number> {
  let rounds = 0
  await untilSteady({ most, maxMs, expectedMs }, async (number) => {
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

describe('a warm-up that may take so long', () => {
  const faster = [900, 800, 700, 600, 500, 400]

  test.each([
    ['ends before the round that would take it beyond', { maxMs: 2500, expectedMs: 900 }, 3],
    ['has no round where the first one would', { maxMs: 2500, expectedMs: 2600 }, 0],
    ['ends no later than one that may take any time', { maxMs: 100_000, expectedMs: 900 }, 6],
  ])('%s', async (_, patience, rounds) => {
    expect(await roundsOf(6, faster, patience)).toBe(rounds)
  })
})
