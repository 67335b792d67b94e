import type { TestContext, TestRunner } from '@cairnkit/conformance'

/** Where a test stands in its suite. */
export interface Place {
  readonly name: string
  /** The suite itself first. */
  readonly sections: readonly string[]
}

export interface Outcome extends Place {
  readonly state: 'passed' | 'failed' | 'skipped'
  /** The reason of a skip, the message of a failure. */
  readonly reason: string
}

interface Collected extends Place {
  readonly test: (context: TestContext) => Promise<void>
}

/** Runs a suite inside a test, so that its failures can be looked at. */
export class CollectingRunner implements TestRunner {
  readonly #tests: Collected[] = []
  readonly #sections: string[] = []
  readonly #before: (() => Promise<void>)[] = []
  readonly #after: (() => Promise<void>)[] = []

  describe(name: string, define: () => void): void {
    this.#sections.push(name)
    define()
    this.#sections.pop()
  }

  it(name: string, test: (context: TestContext) => Promise<void>): void {
    this.#tests.push({ name, sections: [...this.#sections], test })
  }

  beforeAll(hook: () => Promise<void>): void {
    this.#before.push(hook)
  }

  afterAll(hook: () => Promise<void>): void {
    this.#after.push(hook)
  }

  /** The tests that were declared. */
  get places(): readonly Place[] {
    return this.#tests
  }

  /**
   * @param timeLimitMs A test that takes longer has failed.
   * @param wanted Whether a test is of interest.
   */
  async run(timeLimitMs: number, wanted: (place: Place) => boolean = () => true): Promise<Outcome[]> {
    for (const hook of this.#before) await hook()
    const outcomes: Outcome[] = []
    for (const collected of this.#tests) {
      if (wanted(collected)) outcomes.push(await outcomeOf(collected, timeLimitMs))
    }
    for (const hook of this.#after)
      outcomes.push(await outcomeOf({ name: 'afterAll', sections: [], test: hook }, timeLimitMs))
    return outcomes
  }
}

async function outcomeOf({ name, sections, test }: Collected, timeLimitMs: number): Promise<Outcome> {
  const place = { name, sections }
  const skipped: string[] = []
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`took more than ${timeLimitMs} ms`)), timeLimitMs)
  })
  try {
    await Promise.race([test({ skip: (reason) => skipped.push(reason) }), tooLong])
  } catch (cause) {
    return { ...place, state: 'failed', reason: cause instanceof Error ? cause.message : String(cause) }
  } finally {
    clearTimeout(timer)
  }
  const [reason] = skipped
  return reason === undefined
    ? { ...place, state: 'passed', reason: '' }
    : { ...place, state: 'skipped', reason }
}
