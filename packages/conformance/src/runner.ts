/** What a suite needs of a test runner: vitest as it is, `node:test` with `before` and `after` under these names. */
export interface TestRunner {
  describe(name: string, define: () => void): unknown
  it(name: string, test: (context: TestContext) => Promise<void>, timeoutMs: number): unknown
  beforeAll(hook: () => Promise<void>): unknown
  afterAll(hook: () => Promise<void>): unknown
}

export interface TestContext {
  /** Reports the running test as skipped. It may throw or return; the suite runs nothing of the test after it. */
  skip(reason: string): unknown
}
