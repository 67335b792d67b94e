import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type RetryOutcome, type RetryRun, runWithRetry } from '../src/retry.js'
import type { Classification } from '../src/storage-error.js'

/** What an attempt comes to: for `ambiguous` the caller is told the same whether it was applied or not. */
type End = 'ok' | 'transient' | 'permanent' | 'lost request' | 'lost reply'

interface Step {
  readonly end: End
  readonly tookMs: number
}

class Failure extends Error {
  readonly classification: Classification

  constructor(classification: Classification) {
    super(classification.code)
    this.classification = classification
  }
}

const failures: Readonly<Record<Exclude<End, 'ok'>, Classification>> = {
  transient: { code: 'unavailable', disposition: 'transient' },
  permanent: { code: 'full', disposition: 'permanent' },
  'lost request': { code: 'timeout', disposition: 'ambiguous' },
  'lost reply': { code: 'timeout', disposition: 'ambiguous' },
}
const aborted: Classification = { code: 'aborted', disposition: 'ambiguous' }
const abortedBefore: Classification = { code: 'aborted', disposition: 'permanent' }

interface Plan {
  readonly steps: readonly Step[]
  readonly repeatable?: boolean
  readonly timeoutMs?: number
  readonly maxAttempts?: number
  readonly abortAtMs?: number
  readonly random?: () => number
}

interface World {
  readonly outcome: RetryOutcome<string>
  /** How often the call was carried out. */
  readonly applied: number
  /** When each attempt began, and how long it was given. */
  readonly attempts: readonly { readonly atMs: number; readonly timeLeftMs: number }[]
  readonly retries: readonly { readonly attempt: number; readonly delayMs: number }[]
  readonly slept: readonly number[]
  readonly endedAtMs: number
}

/** Runs a plan in a time that passes when somebody waits for it. What the plan does not say is transient. */
async function run(plan: Plan): Promise<World> {
  const { repeatable = true, timeoutMs = 15_000, abortAtMs = Number.POSITIVE_INFINITY } = plan
  const controller = new AbortController()
  const attempts: { atMs: number; timeLeftMs: number }[] = []
  const retries: { attempt: number; delayMs: number }[] = []
  const slept: number[] = []
  let now = 0
  let applied = 0
  /** Whether the signal fired on the way. */
  const pass = (ms: number): boolean => {
    const fires = !controller.signal.aborted && now + ms >= abortAtMs
    now = fires ? abortAtMs : now + ms
    if (fires) controller.abort()
    return fires
  }
  const settings: RetryRun<string> = {
    attempt: async (timeLeftMs) => {
      if (controller.signal.aborted) throw new Failure(abortedBefore)
      attempts.push({ atMs: now, timeLeftMs })
      const { end, tookMs } = plan.steps[attempts.length - 1] ?? { end: 'transient', tookMs: 0 }
      if (end === 'ok' || end === 'lost reply') applied++
      // What the storage does cannot be called back: the caller hears of less than happened.
      if (pass(Math.min(tookMs, timeLeftMs))) throw new Failure(aborted)
      if (tookMs > timeLeftMs) throw new Failure(failures['lost reply'])
      if (end === 'ok') return 'done'
      throw new Failure(failures[end])
    },
    classify: (cause) => (cause as Failure).classification,
    repeatable,
    policy: {
      baseDelayMs: 20,
      maxDelayMs: 1000,
      maxTransientDelayMs: 200,
      maxAttempts: plan.maxAttempts ?? Number.POSITIVE_INFINITY,
    },
    timeoutMs,
    signal: controller.signal,
    clock: {
      now: () => now,
      sleep: async (ms) => {
        slept.push(ms)
        if (pass(ms)) throw new Error('aborted')
      },
    },
    random: plan.random ?? (() => 0.5),
    onRetry: (attempt, _, delayMs) => retries.push({ attempt, delayMs }),
  }
  const outcome = await runWithRetry(settings)
  return { outcome, applied, attempts, retries, slept, endedAtMs: now }
}

const steps = (...ends: readonly End[]): Step[] => ends.map((end) => ({ end, tookMs: 1 }))

describe('what is tried again', () => {
  test.each([
    ['a transient failure', ['transient', 'ok'], true, 'done'],
    ['a transient failure of what must not be repeated', ['transient', 'ok'], false, 'done'],
    ['an unknown effect', ['lost reply', 'ok'], true, 'done'],
    ['an unknown effect of what must not be repeated', ['lost reply', 'ok'], false, 'ambiguous'],
    ['a permanent failure', ['permanent', 'ok'], true, 'permanent'],
    ['a permanent failure after a transient one', ['transient', 'permanent', 'ok'], true, 'permanent'],
    ['a permanent failure after an unknown effect', ['lost reply', 'permanent', 'ok'], true, 'ambiguous'],
  ] as const)('%s', async (_, ends, repeatable, expected) => {
    const { outcome, applied } = await run({ steps: steps(...ends), repeatable })
    expect(outcome.ok ? outcome.value : outcome.classification.disposition).toBe(expected)
    expect(applied).toBe(
      ends.slice(0, outcome.attempts).filter((end) => end === 'ok' || end === 'lost reply').length,
    )
  })

  test('as often as the policy allows', async () => {
    const { outcome, attempts } = await run({ steps: [], maxAttempts: 4 })
    expect(outcome).toMatchObject({ ok: false, attempts: 4, classification: failures.transient })
    expect(attempts).toHaveLength(4)
  })

  test('and what is told of it: an earlier attempt may have been applied', async () => {
    const lost = await run({ steps: steps('transient', 'lost reply', 'ok') })
    expect(lost.outcome).toMatchObject({ ok: true, attempts: 3, ambiguous: true })
    const refused = await run({ steps: steps('transient', 'transient', 'ok') })
    expect(refused.outcome).toMatchObject({ ok: true, attempts: 3, ambiguous: false })
  })
})

describe('time', () => {
  test('waits grow to their bound, below it at random', async () => {
    const bounds = async (end: Exclude<End, 'ok'>): Promise<number[]> => {
      const steps = Array.from({ length: 10 }, () => ({ end, tookMs: 0 }))
      const { slept } = await run({ steps, maxAttempts: 11, timeoutMs: 60_000, random: () => 0.999 })
      return slept.map((ms) => Math.round(ms / 0.999))
    }
    expect(await bounds('lost reply')).toEqual([20, 40, 80, 160, 320, 640, 1000, 1000, 1000, 1000])
    // What was surely not applied cost next to nothing, and a failover ends at any moment.
    expect(await bounds('transient')).toEqual([20, 40, 80, 160, 200, 200, 200, 200, 200, 200])
    const lucky = await run({ steps: [], maxAttempts: 5, random: () => 0 })
    expect(lucky.slept).toEqual([0, 0, 0, 0])
  })

  test('goes on until it is up: the last attempt comes when there is just room for it', async () => {
    for (const random of [0.05, 0.5, 0.95]) {
      const { endedAtMs, attempts } = await run({ steps: [], timeoutMs: 5000, random: () => random })
      expect(endedAtMs).toBe(4900)
      expect(attempts.at(-1)).toEqual({ atMs: 4900, timeLeftMs: 100 })
    }
    const short = await run({ steps: [], timeoutMs: 50, random: () => 0.95 })
    expect(short.attempts.at(-1)).toEqual({ atMs: 40, timeLeftMs: 10 })
  })

  test('is counted from the start, with all that attempts took', async () => {
    const slow = [
      { end: 'transient', tookMs: 3000 },
      { end: 'transient', tookMs: 1500 },
      { end: 'ok', tookMs: 9000 },
    ] as const
    const { attempts, outcome, endedAtMs } = await run({ steps: slow, timeoutMs: 5000 })
    expect(attempts.map(({ timeLeftMs }) => timeLeftMs)).toEqual([5000, 1990, 470])
    expect(outcome).toMatchObject({
      ok: false,
      classification: { code: 'timeout', disposition: 'ambiguous' },
    })
    expect(endedAtMs).toBe(5000)
  })

  test('a signal ends a wait at once, and no attempt follows', async () => {
    const { outcome, attempts, endedAtMs } = await run({ steps: [], abortAtMs: 500 })
    expect(endedAtMs).toBe(500)
    expect(outcome).toMatchObject({
      ok: false,
      classification: { code: 'aborted', disposition: 'permanent' },
    })
    expect(attempts.every(({ atMs }) => atMs < 500)).toBe(true)
  })

  test('a signal after an unknown effect leaves it unknown', async () => {
    const { outcome } = await run({ steps: steps('lost reply'), abortAtMs: 5 })
    expect(outcome).toMatchObject({
      ok: false,
      classification: { code: 'aborted', disposition: 'ambiguous' },
    })
  })

  test('a clock that fails is no reason to try without end', async () => {
    const broken = runWithRetry<never>({
      attempt: () => Promise.reject(new Failure(failures.transient)),
      classify: (cause) => (cause as Failure).classification,
      repeatable: true,
      policy: { baseDelayMs: 20, maxDelayMs: 1000, maxTransientDelayMs: 200, maxAttempts: 50 },
      timeoutMs: 1000,
      signal: undefined,
      clock: { now: () => 0, sleep: () => Promise.reject(new Error('no clock')) },
      random: () => 0.5,
      onRetry: () => undefined,
    })
    await expect(broken).rejects.toThrow('no clock')
  })
})

test('whatever happens, nothing is applied twice that must not be, and what is told is true', async () => {
  const step = fc.record({
    end: fc.constantFrom<End>('ok', 'transient', 'transient', 'permanent', 'lost request', 'lost reply'),
    tookMs: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 6000 })),
  })
  const plan = fc.record({
    steps: fc.array(step, { maxLength: 30 }),
    repeatable: fc.boolean(),
    timeoutMs: fc.integer({ min: 1, max: 20_000 }),
    maxAttempts: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 1, max: 6 })),
    abortAtMs: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 1, max: 5000 })),
    fractions: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 20 }),
  })
  const seed = process.env['CAIRN_SEED']
  await fc.assert(
    fc.asyncProperty(plan, async ({ fractions, ...rest }) => {
      let drawn = 0
      // Never 0: time would stand still.
      const random = (): number => Math.max(0.1, fractions[drawn++ % fractions.length] as number)
      const { outcome, applied, attempts, retries, slept, endedAtMs } = await run({ ...rest, random })

      const told = outcome.ok ? 'ok' : outcome.classification.disposition
      const failed = rest.steps.slice(0, attempts.length - 1).map(({ end }) => end)
      const growing = (at: number): number => Math.min(1000, 20 * 2 ** Math.min(at, 30))
      const broken = {
        'acknowledged, and not applied': told === 'ok' && applied === 0,
        'denied, and applied': (told === 'transient' || told === 'permanent') && applied > 0,
        'applied twice': !rest.repeatable && applied > 1,
        'repeated what must not be': !rest.repeatable && failed.some((end) => end !== 'transient'),
        'repeated what was done or hopeless': failed.includes('ok') || failed.includes('permanent'),
        'called certain what is not':
          outcome.ok && outcome.ambiguous !== failed.some((end) => end.startsWith('lost')),
        'too late': endedAtMs > Math.min(rest.timeoutMs, rest.abortAtMs) + 1e-6,
        'too often': attempts.length > rest.maxAttempts,
        'a retry unseen': retries.some(
          ({ attempt, delayMs }, at) => attempt !== at + 1 || delayMs !== slept[at],
        ),
        'retries miscounted': retries.length !== outcome.attempts - 1 || slept.length !== retries.length,
        'a wait out of bounds': slept.some((ms, at) => ms < 0 || ms >= growing(at)),
      }
      expect(Object.entries(broken).filter(([, is]) => is)).toEqual([])
    }),
    { numRuns: 1000, ...(seed === undefined ? {} : { seed: Number(seed) }) },
  )
})
