import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import {
  type CallEvent,
  Keyspace,
  type KeyspaceOptions,
  type RetryEvent,
  StorageError,
  type StorageErrorDetails,
  type StorageWarning,
  type WarningEvent,
} from '../src/index.js'
import {
  type Batch,
  type CommitResult,
  DriverFault,
  type ReadResult,
  type StorageDriver,
  withDeadline,
} from '../src/driver/index.js'

type Answer = 'ok' | 'rejected' | Error | 'never'

/** A driver whose every call is answered by the next item of a script; it keeps no data, the keyspace needs none. */
class ScriptedDriver implements StorageDriver {
  readonly name = 'scripted'
  readonly capabilities = {
    sharing: 'process',
    durability: 'none',
    partitionListing: true,
    limits: { maxKeyBytes: 100, maxValueBytes: 1000, maxBatchBytes: 1500 },
  } as const
  readonly calls: { readonly partition: string; readonly timeoutMs: number | undefined }[] = []
  readonly listed: string[] = []
  readonly warnings: StorageWarning[] = []
  readonly #answers: Answer[]

  constructor(...answers: Answer[]) {
    this.#answers = answers
  }

  async open(): Promise<void> {}
  async close(): Promise<void> {}
  async [Symbol.asyncDispose](): Promise<void> {}

  async read(partition: string, _reads: unknown, options?: { timeoutMs?: number }): Promise<ReadResult[]> {
    await this.#answer(partition, options)
    return []
  }

  async commit(partition: string, _batch: Batch, options?: { timeoutMs?: number }): Promise<CommitResult> {
    const answer = await this.#answer(partition, options)
    return answer === 'rejected'
      ? { ok: false, failedChecks: [0], epoch: null, dropped: false }
      : { ok: true, created: false, epoch: null, dropped: false }
  }

  async drop(partition: string, options?: { timeoutMs?: number }): Promise<boolean> {
    await this.#answer(partition, options)
    return true
  }

  async *partitions(prefix: string): AsyncGenerator<string> {
    for (const id of this.listed) if (id.startsWith(prefix)) yield id
    await this.#answer(prefix, {})
  }

  classify(cause: unknown): { code: 'unavailable' | 'unknown'; disposition: 'transient' | 'ambiguous' } {
    return cause instanceof Error && cause.message === 'never sent'
      ? { code: 'unavailable', disposition: 'transient' }
      : { code: 'unknown', disposition: 'ambiguous' }
  }

  async #answer(partition: string, options: { timeoutMs?: number } | undefined): Promise<Answer> {
    this.calls.push({ partition, timeoutMs: options?.timeoutMs })
    const answer = this.#answers.shift() ?? 'ok'
    if (answer === 'never') return await new Promise<never>(() => {})
    if (answer instanceof Error) throw answer
    return answer
  }
}

/** Tells of what a sweep removed. */
class SweepingDriver extends ScriptedDriver {
  override async commit(partition: string, batch: Batch): Promise<CommitResult> {
    return { ...(await super.commit(partition, batch)), removed: [] } as CommitResult
  }
}

/** Never answers, and keeps to the time that it is given. */
class PunctualDriver extends ScriptedDriver {
  override async read(_partition: string, _reads: unknown, options?: { timeoutMs?: number }): Promise<never> {
    const meaning = { code: 'timeout', disposition: 'ambiguous', advice: 'Look at the disk.' } as const
    return await withDeadline(
      new Promise<never>(() => {}),
      options?.timeoutMs ?? 0,
      undefined,
      (within) => new DriverFault(meaning, `the disk did not answer ${within}`),
    )
  }
}

const neverSent = (): Error => new Error('never sent')
const noReply = (): Error => new Error('connection lost')
const put: Batch = { mutations: [{ type: 'put', key: ['a'], bytes: new Uint8Array(1) }] }
const once: Batch = { checks: [{ type: 'absent', key: ['a'] }], ...put }

/** A clock that only moves when somebody sleeps. */
function testClock(): { clock: NonNullable<KeyspaceOptions['clock']>; slept: number[] } {
  let now = 0
  const slept: number[] = []
  const sleep = async (ms: number): Promise<void> => {
    slept.push(ms)
    now += ms
  }
  return { clock: { now: () => now, sleep }, slept }
}

/** The same, where nobody asks how long was slept. */
function timeless(): Pick<KeyspaceOptions, 'clock'> {
  return { clock: testClock().clock }
}

async function failureOf(work: Promise<unknown>): Promise<StorageError> {
  const outcome = await work.then(
    () => new Error('it did not fail'),
    (cause: unknown) => cause,
  )
  if (!StorageError.isInstance(outcome)) throw outcome
  return outcome
}

describe('retries', () => {
  test('what was surely not applied is tried again, with growing, jittered waits', async () => {
    const driver = new ScriptedDriver(...Array.from({ length: 8 }, neverSent))
    const { clock, slept } = testClock()
    const space = new Keyspace(driver, ['x'], { clock, random: () => 0.5 })
    await space.partition('p').commit(once)
    expect(driver.calls).toHaveLength(9)
    expect(slept).toEqual([10, 20, 40, 80, 100, 100, 100, 100])
  })

  test('what may have been applied is tried again only if that is harmless', async () => {
    const repeatable = new ScriptedDriver(noReply())
    await new Keyspace(repeatable, ['x'], timeless()).partition('p').commit(put)
    expect(repeatable.calls).toHaveLength(2)

    const onceOnly = new ScriptedDriver(noReply())
    const failure = await failureOf(new Keyspace(onceOnly, ['x'], timeless()).partition('p').commit(once))
    expect(onceOnly.calls).toHaveLength(1)
    expect(failure.disposition).toBe('ambiguous')
    expect(failure.message).toContain('It may have been applied')
  })

  test('once an attempt was ambiguous, so is the call', async () => {
    const driver = new ScriptedDriver(noReply(), neverSent())
    const space = new Keyspace(driver, ['x'], { ...timeless(), retry: { maxAttempts: 2 } })
    expect((await failureOf(space.partition('p').commit(put))).disposition).toBe('ambiguous')
  })

  test('a rejection says when an earlier attempt may have been applied', async () => {
    const batch: Batch = { checks: [{ type: 'present', key: ['other'] }], ...put }
    const commit = async (...answers: Answer[]): Promise<CommitResult> =>
      await new Keyspace(new ScriptedDriver(...answers), ['x'], timeless()).partition('p').commit(batch)
    const rejected = { ok: false, failedChecks: [0], epoch: null, dropped: false }
    expect(await commit('rejected')).toEqual(rejected)
    expect(await commit(neverSent(), 'rejected')).toEqual(rejected)
    expect(await commit(noReply(), 'rejected')).toEqual({ ...rejected, mayBeApplied: true })
    expect(await commit(noReply(), 'ok')).toEqual({
      ok: true,
      created: false,
      epoch: null,
      dropped: false,
    })
  })

  test('nothing is said of what a sweep removed when an earlier attempt may have removed it', async () => {
    const batch: Batch = { mutations: [{ type: 'sweep' }] }
    const commit = async (...answers: Answer[]): Promise<CommitResult> =>
      await new Keyspace(new SweepingDriver(...answers), ['x'], timeless()).partition('p').commit(batch)
    expect(await commit()).toHaveProperty('removed')
    expect(await commit(neverSent())).toHaveProperty('removed')
    expect(await commit(noReply())).not.toHaveProperty('removed')
  })

  test('what is permanent is not tried again', async () => {
    const driver = new ScriptedDriver(
      new DriverFault({ code: 'corrupt', disposition: 'permanent' }, 'damaged'),
    )
    const failure = await failureOf(new Keyspace(driver, ['x'], timeless()).partition('p').read([]))
    expect(driver.calls).toHaveLength(1)
    expect(failure).toMatchObject({
      code: 'corrupt',
      disposition: 'permanent',
      driver: 'scripted',
      operation: 'read',
      partition: 'x:p',
    })
  })

  test('they end when the time is up, and each attempt is told what is left', async () => {
    const driver = new ScriptedDriver(...Array.from({ length: 100 }, neverSent))
    const { clock } = testClock()
    const space = new Keyspace(driver, ['x'], { clock, random: () => 0.999, timeoutMs: 2000 })
    const failure = await failureOf(space.partition('p').read([]))
    expect(failure.code).toBe('unavailable')
    expect(failure.attempts).toBe(driver.calls.length)
    const left = driver.calls.map((call) => call.timeoutMs ?? Number.NaN)
    expect(left[0]).toBe(2000)
    expect(left.every((ms, at) => ms > 0 && (at === 0 || ms < (left[at - 1] as number)))).toBe(true)
  })

  test('the observer hears of every retry and every call, and cannot break them', async () => {
    const calls: CallEvent[] = []
    const retries: RetryEvent[] = []
    const observer = {
      onCall: (event: CallEvent) => calls.push(event),
      onRetry: (event: RetryEvent) => retries.push(event),
    }
    const space = new Keyspace(new ScriptedDriver(neverSent()), ['x'], { ...timeless(), observer })
    await space.partition('p').drop()
    expect(retries).toMatchObject([
      { operation: 'drop', partition: 'x:p', attempt: 1, errorCode: 'unavailable' },
    ])
    expect(calls).toMatchObject([{ operation: 'drop', attempts: 2, outcome: 'ok', errorCode: undefined }])

    const warned = new Promise((resolve) => process.once('warning', resolve))
    const rude = new Keyspace(new ScriptedDriver(), ['x'], {
      observer: {
        onCall: () => {
          throw new Error('rude')
        },
      },
    })
    expect(await rude.partition('p').drop()).toBe(true)
    expect(String(await warned)).toContain('rude')
  })
})

test('an observer hears each warning of a driver once, whoever shares them, and as soon as there is one', async () => {
  const driver = new ScriptedDriver('ok', 'ok', noReply())
  const warning = (message: string): StorageWarning => ({ code: 'eviction', message })
  driver.warnings.push(warning('first'))
  const heard: WarningEvent[] = []
  const observer = { onWarning: (event: WarningEvent) => heard.push(event) }
  const spaces = ['x', 'y'].map(
    (name) => new Keyspace(driver, [name], { observer, retry: { maxAttempts: 1 } }),
  )
  for (const space of spaces) await space.partition('p').drop()
  expect(heard).toEqual([{ code: 'eviction', driver: 'scripted', message: 'first' }])

  driver.warnings.push(warning('second'))
  await failureOf((spaces[0] as Keyspace).partition('p').drop())
  await (spaces[1] as Keyspace).partition('p').drop()
  expect(heard.map(({ message }) => message)).toEqual(['first', 'second'])

  const another: WarningEvent[] = []
  const later = new Keyspace(driver, ['z'], { observer: { onWarning: (event) => another.push(event) } })
  await later.partition('p').drop()
  expect(another.map(({ message }) => message)).toEqual(['first', 'second'])
})

describe('time and signals', () => {
  test('a driver that never answers is given up', async () => {
    const space = new Keyspace(new ScriptedDriver('never'), ['x'], { timeoutMs: 20 })
    const failure = await failureOf(space.partition('p').commit(put))
    expect(failure).toMatchObject({ code: 'timeout', disposition: 'ambiguous' })
  })

  test('what a driver says that gives up when the time is up is heard', async () => {
    const space = new Keyspace(new PunctualDriver(), ['x'], { timeoutMs: 60 })
    const failure = await failureOf(space.partition('p').read([]))
    expect(failure).toMatchObject({ code: 'timeout', attempts: 1 })
    expect(failure.message).toContain('the disk did not answer within 60 ms. Look at the disk.')
  })

  test('a signal ends a call, and a wait', async () => {
    const controller = new AbortController()
    const space = new Keyspace(new ScriptedDriver('never'), ['x'])
    const pending = failureOf(space.partition('p').read([], { signal: controller.signal }))
    controller.abort()
    expect((await pending).code).toBe('aborted')

    const waiting = new AbortController()
    const slow = new Keyspace(new ScriptedDriver(neverSent()), ['x'], {
      retry: { baseDelayMs: 60_000, maxDelayMs: 60_000, maxTransientDelayMs: 60_000 },
      timeoutMs: 600_000,
      random: () => 0.9,
    })
    const ended = failureOf(slow.partition('p').read([], { signal: waiting.signal }))
    setImmediate(() => waiting.abort())
    expect((await ended).code).toBe('aborted')
  })

  test('a call with a signal that has fired is not sent', async () => {
    const driver = new ScriptedDriver()
    const failure = await failureOf(
      new Keyspace(driver, ['x']).partition('p').commit(put, { signal: AbortSignal.abort() }),
    )
    expect(failure).toMatchObject({ code: 'aborted', disposition: 'permanent' })
    expect(driver.calls).toHaveLength(0)
  })

  test('a call reaches the driver before it returns', () => {
    const driver = new ScriptedDriver()
    const partition = new Keyspace(driver, ['x']).partition('p')
    const calls = [partition.read([]), partition.commit(put), partition.drop()]
    expect(driver.calls).toHaveLength(3)
    return Promise.all(calls)
  })
})

describe('the border', () => {
  test('mistakes are a TypeError that says what was passed', async () => {
    const space = new Keyspace(new ScriptedDriver(), ['x'])
    const partition = space.partition('p')
    const wrong: readonly (readonly [unknown, RegExp])[] = [
      [{ mutations: [{ type: 'put', key: [], bytes: new Uint8Array(0) }] }, /at least one element/],
      [
        { mutations: [{ type: 'put', key: ['a', 1], bytes: new Uint8Array(0) }] },
        /must be a string, got number 1/,
      ],
      [{ mutations: [{ type: 'put', key: ['a'], bytes: 'text' }] }, /must be a Uint8Array, got "text"/],
      [
        { mutations: [{ type: 'object', id: 'X', bytes: new Uint8Array(0) }] },
        /32 lower-case hex digits, got "X"/,
      ],
      [{ mutations: [{ type: 'expire', ttlMs: 0 }] }, /whole number of milliseconds/],
      [{ mutations: [{ type: 'expire', ttlMs: 1.5 }] }, /whole number of milliseconds/],
      [{ mutations: [{ type: 'expire', ttlMs: 'soon' }] }, /whole number of milliseconds/],
      [{ mutations: [{ type: 'expire', ttlMs: 'unchanged', decidedBy: [[]] }] }, /at least one element/],
      [
        { mutations: [{ type: 'expire', ttlMs: 1, decidedBy: [['a', 1]] }] },
        /must be a string, got number 1/,
      ],
      [{ mutations: [{ type: 'replace' }] }, /Not a mutation/],
      [{ checks: [{ type: 'maybe' }] }, /Not a check/],
    ]
    for (const [batch, message] of wrong) {
      await expect(partition.commit(batch as Batch)).rejects.toThrow(message)
      await expect(partition.commit(batch as Batch)).rejects.toBeInstanceOf(TypeError)
    }
    await expect(partition.read([{ type: 'range', prefix: [], limit: -1 }])).rejects.toThrow(
      /0 or more, got number -1/,
    )
    await expect(partition.read('x' as never)).rejects.toThrow(/must be an array/)
    expect(() => space.partition()).toThrow(/at least one name/)
    expect(() => space.partition(7 as never)).toThrow(/must be a string, got number 7/)
  })

  test('options and drivers that are none are refused at once', () => {
    const driver = new ScriptedDriver()
    for (const wrong of [Number.NaN, 0, -1, '500', 2 ** 31, Number.POSITIVE_INFINITY]) {
      const options = { timeoutMs: wrong as number }
      expect(() => new Keyspace(driver, ['x'], options)).toThrow(
        /timeoutMs must be a whole number of milliseconds/,
      )
    }
    expect(() => new Keyspace(driver, ['x'], { retry: { maxAttempts: 0 } })).toThrow(/retry.maxAttempts/)
    expect(() => new Keyspace(driver, ['x'], { retry: { baseDelayMs: -1 } })).toThrow(/retry.baseDelayMs/)
    expect(() => new Keyspace(driver, ['x'], { timeoutMS: 1 } as never)).toThrow(
      /A keyspace has no option "timeoutMS"; it has timeoutMs,/,
    )
    for (const wrong of [undefined, null, {}, { read: () => {} }]) {
      expect(() => new Keyspace(wrong as never, ['x'])).toThrow(/A storage driver is expected/)
    }
  })

  test('what is too large is a limit error, and nothing is sent', async () => {
    const driver = new ScriptedDriver()
    const partition = new Keyspace(driver, ['x']).partition('p')
    const value = (length: number) => ({ type: 'put' as const, key: ['a'], bytes: new Uint8Array(length) })
    for (const [batch, what] of [
      [{ mutations: [value(1001)] }, 'a value has 1001 bytes, the limit is 1000'],
      [{ mutations: [value(800), value(800)] }, 'the batch has 1606 bytes, the limit is 1500'],
      [{ mutations: [{ ...value(1), key: ['k'.repeat(100)] }] }, 'a key has 102 bytes, the limit is 100'],
    ] as const) {
      const failure = await failureOf(partition.commit(batch))
      expect(failure).toMatchObject({ code: 'limit', disposition: 'permanent' })
      expect(failure.message).toContain(what)
    }
    expect(driver.calls).toHaveLength(0)
  })

  test('partitions come back as the parts they were made of, and strangers are passed over', async () => {
    const driver = new ScriptedDriver()
    const space = new Keyspace(driver, ['x'])
    driver.listed.push(space.partition('a', 'b:c').id, space.partition('').id, 'x:not%an%id', 'xy:z')
    const found: string[][] = []
    for await (const parts of space.partitions()) found.push(parts)
    expect(found).toEqual([['a', 'b:c'], ['']])
  })

  test('a failed listing is a storage error', async () => {
    const space = new Keyspace(new ScriptedDriver(noReply()), ['x'])
    const drained = (async () => {
      for await (const _ of space.partitions()) continue
    })()
    expect(await failureOf(drained)).toMatchObject({ operation: 'partitions', partition: undefined })
  })
})

describe('storage errors', () => {
  test('carry nothing of the command that failed', async () => {
    const leaky = Object.assign(new Error('WRONGPASS invalid'), {
      command: { name: 'auth', args: ['hunter2'] },
      code: 'X',
    })
    const failure = await failureOf(
      new Keyspace(new ScriptedDriver(leaky), ['x'], { retry: { maxAttempts: 1 } }).partition('p').read([]),
    )
    const shown = [
      inspect(failure, { depth: 9, showHidden: true }),
      JSON.stringify(failure),
      String(failure.stack),
    ].join()
    expect(shown).not.toContain('hunter2')
    expect(failure.cause).toMatchObject({ message: 'WRONGPASS invalid', code: 'X' })
  })

  test('are known by their brand', () => {
    const details: StorageErrorDetails = {
      code: 'full',
      disposition: 'permanent',
      driver: 'd',
      operation: 'commit',
      reason: 'no room',
    }
    expect(StorageError.isInstance(new StorageError(details))).toBe(true)
    for (const other of [undefined, null, 'x', {}, new Error('x'), { code: 'full' }]) {
      expect(StorageError.isInstance(other)).toBe(false)
    }
  })
})
