/** What a suite needs of a test runner: vitest as it is, `node:test` with `before` and `after` under these names. */
export interface TestRunner {
  readonly describe: Describe
  it(name: string, test: (context: TestContext) => Promise<void>, timeoutMs: number): unknown
  beforeAll(hook: () => Promise<void>): unknown
  afterAll(hook: () => Promise<void>): unknown
}

interface Describe {
  (name: string, define: () => void): unknown
  /** The same for tests that may run at once, as vitest has it. @default they run one after the other */
  readonly concurrent?: (name: string, define: () => void) => unknown
}

export interface TestContext {
  /** Reports the running test as skipped. It may throw or return; the suite runs nothing of the test after it. */
  skip(reason: string): unknown
}
