/** The least that a suite of @cairnkit/conformance needs, on whatever runs this: no test runner is the same everywhere. */
const PARALLEL = 8

export function createRunner() {
  const tests = []
  const before = []
  const after = []
  const path = []
  let parallel = false

  function describe(name, define) {
    path.push(name)
    define()
    path.pop()
  }

  describe.concurrent = (name, define) => {
    const outer = parallel
    parallel = true
    describe(name, define)
    parallel = outer
  }

  return {
    describe,
    it: (name, test, timeoutMs) =>
      void tests.push({ name: [...path, name].join(' > '), test, timeoutMs, parallel }),
    beforeAll: (hook) => void before.push(hook),
    afterAll: (hook) => void after.push(hook),
    /** Runs what was defined and resolves to the counts; a failure is printed. */
    async run() {
      const counts = { passed: 0, failed: 0, skipped: 0 }
      for (const hook of before) await hook()
      for (const test of tests.filter((one) => !one.parallel)) counts[await outcomeOf(test)] += 1
      const rest = tests.filter((one) => one.parallel)
      const lane = async () => {
        for (let test = rest.shift(); test !== undefined; test = rest.shift())
          counts[await outcomeOf(test)] += 1
      }
      await Promise.all(Array.from({ length: PARALLEL }, lane))
      for (const hook of after) await hook()
      return counts
    },
  }
}

async function outcomeOf({ name, test, timeoutMs }) {
  let skipped = false
  let timer
  const tooLong = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`took more than ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    await Promise.race([test({ skip: () => (skipped = true) }), tooLong])
    return skipped ? 'skipped' : 'passed'
  } catch (error) {
    console.log(`failed: ${name}\n${error instanceof Error ? error.stack : String(error)}`)
    return 'failed'
  } finally {
    clearTimeout(timer)
  }
}
