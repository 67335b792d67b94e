import { Keyspace } from '@cairnkit/core'
import { CairnSaver } from '@cairnkit/langgraph'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { threadConfig } from '../src/graphs.js'
import { type Damage, damage, damaged, eachDamage } from './damage/damages.js'
import { type History, damagedGraph, histories, smallHistory } from './damage/histories.js'
import { type MemberKind, type Members, StoredKey, kindOf, lostRecords } from './damage/members.js'
import { type Outcomes, type Places, faultOfError, goOn, placesOf, readAll } from './damage/readings.js'

const NO_HANDS = 'nobody but the driver reaches this storage while it is open'

/** `CAIRN_DAMAGE_MS`: how long to go on, for a long form; `CAIRN_SEED`: the seed to begin with. */
const TIME_MS = Number(process.env['CAIRN_DAMAGE_MS'] ?? 1500)
const seed = Number(process.env['CAIRN_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

const cell = await openCell('damage-random')
const { lab, keyPrefix } = cell
afterAll(async () => await cell[Symbol.asyncDispose]())
const driver = cell.driver()
const threads = new Keyspace(driver, ['thread'])

function fresh(): CairnSaver {
  return new CairnSaver(driver)
}

/** A thread, what its servers hold of it, and what every reading of it gives. */
interface Subject {
  readonly places: Places
  readonly stored: StoredKey
  readonly donor: Members
  readonly expected: Outcomes
  readonly expectedNext: Outcomes
}

async function subjectOf(history: History, name: string): Promise<Subject> {
  if (lab === undefined) throw new Error(NO_HANDS)
  const storedOf = async (threadId: string): Promise<StoredKey> => {
    await history.play(fresh(), threadId)
    return await StoredKey.open(lab, `${keyPrefix}:{${threads.partition(threadId).id}}`)
  }
  const threadId = `damaged-${name}`
  const [stored, { members: donor }] = await Promise.all([storedOf(threadId), storedOf(`donor-${name}`)])
  const places = await placesOf(fresh(), threadId)
  const expected = await readAll(fresh(), places)
  const expectedNext = await goOn(fresh(), fresh(), places)
  const failed = [...expected, ...expectedNext].filter(([, outcome]) => !outcome.ok)
  if (failed.length > 0)
    throw new Error(`Without damage, this failed: ${failed.map(([read]) => read).join()}`)
  return { places, stored, donor, expected, expectedNext }
}

const tally = { trials: 0, exact: 0, refused: 0, lostUnseen: 0 }
afterAll(() => {
  if (tally.trials > 0) console.log(`damage (seed ${seed}): ${JSON.stringify(tally)}`)
})

/** Damages the thread, reads it in every way, goes on from there, and deletes it. */
async function trial(subject: Subject, damages: readonly Damage[]): Promise<void> {
  const { places, stored, donor } = subject
  await stored.write()
  const warm = fresh()
  for (const namespace of places.namespaces)
    await warm.getTuple({ configurable: { thread_id: places.threadId, checkpoint_ns: namespace } })
  const after = damaged(stored.members, donor, damages)
  // A whole record that is gone leaves no trace: then the thread may be read as if it had never been there.
  const lost = lostRecords(stored.members, after)
  const without = lost.length === 0 ? undefined : await readWithout(subject, lost)
  await stored.write(after)
  tally.trials += 1
  for (const [life, saver] of [
    ['cold', fresh()],
    ['warm', warm],
  ] as const) {
    judge(life, subject, await readAll(saver, places), subject.expected, without?.read)
    judge(life, subject, await goOn(saver, fresh(), places), subject.expectedNext, without?.next)
    if (life === 'cold') await stored.write(after)
  }
  expect((await fresh().getTuple(threadConfig('neighbour')))?.checkpoint.channel_values).toBeDefined()
  await fresh().deleteThread(places.threadId)
  expect(await fresh().getTuple(threadConfig(places.threadId))).toBeUndefined()
}

async function readWithout(
  { places, stored }: Subject,
  lost: readonly string[],
): Promise<{ read: Outcomes; next: Outcomes }> {
  const rest = new Map(stored.members)
  for (const member of lost) rest.delete(member)
  await stored.write(rest)
  return { read: await readAll(fresh(), places), next: await goOn(fresh(), fresh(), places) }
}

function judge(
  life: string,
  { places }: Subject,
  outcomes: Outcomes,
  expected: Outcomes,
  without: Outcomes | undefined,
): void {
  for (const [read, outcome] of outcomes) {
    const what = `${life} ${read}`
    if (!outcome.ok) {
      const fault = faultOfError(outcome.cause, places)
      if (fault !== undefined) throw new Error(`${what} failed with ${fault}`)
      tally.refused += 1
      continue
    }
    const exact = expected.get(read)
    const older = without?.get(read)
    if (exact?.ok === true && outcome.text === exact.text) tally.exact += 1
    else if (older?.ok === true && outcome.text === older.text) tally.lostUnseen += 1
    else
      expect.unreachable(
        `${what} gave a wrong value: ${outcome.text.slice(0, 400)} for ${exact?.ok === true ? exact.text.slice(0, 400) : ''}`,
      )
  }
}

describe('whatever is damaged, a read is right or an error that names it', () => {
  beforeEach((context) => {
    if (lab === undefined) context.skip(NO_HANDS)
  })
  beforeAll(async () => {
    await damagedGraph(fresh()).invoke({ messages: [] }, threadConfig('neighbour'))
  })

  test('each member of a small thread in each way', async () => {
    const subject = await subjectOf(smallHistory, 'small')
    const kinds: readonly MemberKind[] = ['epoch', 'object', 'record']
    const damages = kinds.flatMap((kind) => {
      const count = [...subject.stored.members.keys()].filter((member) => kindOf(member) === kind).length
      expect(count).toBeGreaterThan(0)
      return Array.from({ length: count }, (_, at) => eachDamage({ kind, at })).flat()
    })
    const [order] = fc.sample(fc.shuffledSubarray(damages, { minLength: damages.length }), {
      seed,
      numRuns: 1,
    })
    const until = performance.now() + TIME_MS
    const failures: string[] = []
    for (const one of order ?? []) {
      if (performance.now() > until) break
      await trial(subject, [one]).catch((cause: unknown) => {
        failures.push(
          `After ${JSON.stringify(one)}: ${cause instanceof Error ? cause.message : String(cause)}`,
        )
      })
    }
    expect(failures, `seed ${seed}`).toEqual([])
  })

  test.each(histories)('at random: $name', async (history) => {
    const subject = await subjectOf(history, String(histories.indexOf(history)))
    const before = tally.trials
    const until = performance.now() + TIME_MS / histories.length
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
        // One at least, however slow the machine is.
        if (tally.trials === before || performance.now() < until) await trial(subject, damages)
      }),
      { seed, numRuns: Math.ceil(TIME_MS / 10), endOnFailure: true },
    )
  })
})
