import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { CallOptions, Classification, StorageDriver, Tuple } from '@cairnkit/core/driver'
import { put } from './mutations.js'
import { Subject, faultOf } from './subject.js'
import { freshId } from './suite.js'

/** What a call said of its effect. */
export type Claim = 'applied' | 'not applied' | 'unknown'

/** How long a driver may take to work again after its network is whole. */
const RECOVERY_MS = 15_000

/** A partition that nobody else writes to, and what each call that wrote to it has said of itself. */
export class Journal {
  readonly subject: Subject
  /** How the last call failed that failed. */
  lastFault: Classification | undefined
  readonly #claims = new Map<string, Claim>()
  /** The last entry that is known to be there. */
  #last: Tuple | null = null

  /** The first entry is made, so that what follows meets a driver that is connected and warm. */
  static async open(driver: StorageDriver): Promise<Journal> {
    const journal = new Journal(new Subject(driver, freshId()))
    await driver.open()
    assert.equal(await journal.append(), 'applied')
    await journal.settle()
    return journal
  }

  private constructor(subject: Subject) {
    this.subject = subject
  }

  /**
   * Adds an entry behind the one that is known to be the last: a batch that must not be applied twice. Fails if it is
   * rejected, for nobody else writes: the only thing that could have come before it is itself.
   */
  async append(options: CallOptions = {}): Promise<Claim> {
    const key = ['log', String(this.#claims.size).padStart(6, '0')]
    const claim = await this.#claim(key, async () => {
      const batch = {
        checks: [{ type: 'last', prefix: ['log'], key: this.#last }],
        mutations: [put(key)],
      } as const
      const result = await this.subject.commit(batch, options)
      assert.ok(result.ok, `${key.join('/')} was rejected, so it has been applied before: twice, that is`)
    })
    if (claim === 'applied') this.#last = key
    return claim
  }

  /** Makes an entry that depends on no other. */
  async note(name: string, options: CallOptions = {}): Promise<Claim> {
    return await this.#claim(['note', name], async () => {
      const result = await this.subject.commit({ mutations: [put(['note', name])] }, options)
      assert.ok(result.ok, 'a commit without checks is applied')
    })
  }

  /** Waits until the driver works again, and fails unless every claim that was made is true. */
  async settle(): Promise<void> {
    const { records } = await untilItWorks(async () => {
      const [all] = await this.subject.read({ type: 'range', prefix: [] })
      return all
    })
    const there = new Set(records.map(({ key }) => key.join('/')))
    for (const [name, claim] of this.#claims) {
      if (claim === 'applied') assert.ok(there.has(name), `${name} was acknowledged, and is not there`)
      if (claim === 'not applied')
        assert.ok(!there.has(name), `${name} was said not to be applied, and is there`)
    }
    const entries = records.filter(({ key }) => key[0] === 'log')
    this.#last = entries.at(-1)?.key ?? null
  }

  async #claim(key: Tuple, call: () => Promise<void>): Promise<Claim> {
    const name = key.join('/')
    // What is on its way when somebody looks may be there or not.
    this.#claims.set(name, 'unknown')
    const attempt = call()
    const failed = await attempt.then(
      () => false,
      (cause: unknown) => {
        if (cause instanceof assert.AssertionError) throw cause
        return true
      },
    )
    let claim: Claim = 'applied'
    if (failed) {
      this.lastFault = await faultOf(this.subject.driver, attempt)
      claim = this.lastFault.disposition === 'ambiguous' ? 'unknown' : 'not applied'
    }
    this.#claims.set(name, claim)
    return claim
  }
}

/** Repeats a call until it succeeds. Fails when that takes too long, with the last failure. */
export async function untilItWorks<T>(call: () => Promise<T>): Promise<T> {
  const startedAt = performance.now()
  for (;;) {
    try {
      return await call()
    } catch (cause) {
      if (performance.now() - startedAt > RECOVERY_MS) throw cause
    }
    await delay(20)
  }
}
