import type { TestContext, TestRunner } from '@cairnkit/conformance'

export interface Outcome {
  readonly name: string
  readonly state: 'passed' | 'failed' | 'skipped'
  /** The reason of a skip, the message of a failure. */
  readonly reason: string
}

/** Runs a suite inside a test, so that its failures can be looked at. */
export class CollectingRunner implements TestRunner {
  readonly #tests: { readonly name: string; readonly test: (context: TestContext) => Promise<void> }[] = []
  readonly #before: (() => Promise<void>)[] = []
  readonly #after: (() => Promise<void>)[] = []

  describe(_name: string, define: () => void): void {
    define()
  }

  it(name: string, test: (context: TestContext) => Promise<void>): void {
    this.#tests.push({ name, test })
  }

  beforeAll(hook: () => Promise<void>): void {
    this.#before.push(hook)
  }

  afterAll(hook: () => Promise<void>): void {
    this.#after.push(hook)
  }

  /**
   * @param timeLimitMs A test that takes longer has failed.
   * @param wanted Whether a test is of interest.
   */
  async run(timeLimitMs = 10_000, wanted: (name: string) => boolean = () => true): Promise<Outcome[]> {
    for (const hook of this.#before) await hook()
    const outcomes: Outcome[] = []
    for (const { name, test } of this.#tests)
      if (wanted(name)) outcomes.push(await outcomeOf(name, test, timeLimitMs))
    for (const hook of this.#after) outcomes.push(await outcomeOf('afterAll', hook, timeLimitMs))
    return outcomes
  }
}

async function outcomeOf(
  name: string,
  test: (context: TestContext) => Promise<void>,
  timeLimitMs: number,
): Promise<Outcome> {
  const skipped: string[] = []
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`took more than ${timeLimitMs} ms`)), timeLimitMs)
  })
  try {
    await Promise.race([test({ skip: (reason) => skipped.push(reason) }), tooLong])
  } catch (cause) {
    return { name, state: 'failed', reason: cause instanceof Error ? cause.message : String(cause) }
  } finally {
    clearTimeout(timer)
  }
  const [reason] = skipped
  return reason === undefined ? { name, state: 'passed', reason: '' } : { name, state: 'skipped', reason }
}
