/** The functions of a test runner. vitest fits as it is; for `node:test`, pass `before` and `after` under these names. */
export interface TestRunner {
  readonly describe: Describe
  it(name: string, test: (context: TestContext) => Promise<void>, timeoutMs: number): unknown
  beforeAll(hook: () => Promise<void>): unknown
  afterAll(hook: () => Promise<void>): unknown
}

interface Describe {
  (name: string, define: () => void): unknown
  /** Defines tests that may run in parallel, as in vitest. @default they run one after the other */
  readonly concurrent?: (name: string, define: () => void) => unknown
}

/** The context that a runner passes to each test. */
export interface TestContext {
  /** Reports the running test as skipped. It may throw or return; the suite does not continue the test. */
  skip(reason: string): unknown
}
