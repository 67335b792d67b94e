import { MemorySaver } from '@langchain/langgraph-checkpoint'
import { describe, expect, it } from 'vitest'
import { differenceOf, generateProgram, type ProgramSubject } from '../../src/programs/index.js'
import { brokenSavers } from './broken-savers.js'
import { slowSaver } from './slow-saver.js'

const TIMEOUT_MS = 120_000

/** As many as the short form has. */
const PROGRAMS = 50
const FIRST_SEED = 1

function subjectOf(saver: MemorySaver): ProgramSubject<undefined> {
  return { savers: { only: { options: undefined } }, create: () => saver }
}

describe('random programs', () => {
  it.each(brokenSavers)(
    'notice a saver that $name',
    async ({ create }) => {
      const subject = subjectOf(create())
      let noticed = 0
      for (let seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS && noticed === 0; seed++) {
        if ((await differenceOf(subject, generateProgram(seed, { only: 1 }))) !== undefined) noticed = seed
      }
      expect(noticed).toBeGreaterThan(0)
    },
    TIMEOUT_MS,
  )

  it(
    'give the same on two savers that are the same, however fast one of them is',
    async () => {
      for (let seed = 1000; seed < 1000 + PROGRAMS / 2; seed++) {
        const subject = subjectOf(slowSaver(seed))
        expect(
          await differenceOf(subject, generateProgram(seed, { only: 1 })),
          `seed ${seed}`,
        ).toBeUndefined()
      }
    },
    TIMEOUT_MS,
  )
})
