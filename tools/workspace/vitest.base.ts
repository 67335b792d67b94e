import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProjectConfiguration, UserWorkspaceConfig } from 'vitest/config'
import { type Scope, scopeOf, scopeVariable, untouchedVariable } from './vitest.scope.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** `@cairnkit/source` before the conditions that vite itself uses on a server. */
const conditions = ['@cairnkit/source', 'module', 'node', 'development|production']

/** What takes minutes or adds little, and so is for `npm test -- --rest`. */
const long = 'test/**/*.long.test.ts'

/** Proofs of the suites themselves, other processes, and long threads: not for work in between. */
const slow: readonly string[] = [
  ...['test/**/*can-fail.test.ts', 'test/**/processes.test.ts', 'test/**/cost-of-a-turn.test.ts'],
  ...['test/**/runners.test.ts', 'test/**/describe-programs.test.ts', 'test/**/wrapper.test.ts'],
  ...['test/**/engine-history.test.ts', 'test/**/memory-bounds.test.ts'],
]

const scope = scopeOf(process.env[scopeVariable])

/** Only what hangs takes so long, on any machine. */
const TEST_TIMEOUT_MS = 180_000

/** The tests of a package: siblings are loaded from their sources, never from a build that may be old. */
export const packageTests: UserWorkspaceConfig = {
  ssr: { resolve: { conditions } },
  test: {
    include: scope === 'rest' ? [long] : ['test/**/*.test.ts'],
    exclude: excluded(scope),
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: TEST_TIMEOUT_MS,
    // Files of a project share its workers: to load its modules anew for each takes longer than most of them.
    isolate: false,
    // Many a test provokes what the library warns of, and those that expect a warning listen to the process.
    execArgv: [
      '--max-semi-space-size=64',
      '--disable-warning=CairnWarning',
      '--disable-warning=MaxListenersExceededWarning',
    ],
    allowOnly: false,
  },
}

function excluded(from: Scope): string[] {
  switch (from) {
    case 'usual':
      return [long]
    case 'quick':
      return [long, ...slow]
    case 'rest':
    case 'all':
      return []
  }
}

/** Packages and tools whose tests are mostly servers that start, or programs that run for long. */
const notQuick: readonly string[] = [
  ...['packages/examples', 'packages/ioredis', 'packages/node-redis', 'packages/redis-kernel'],
  ...['tools/bench', 'tools/chaos', 'tools/installs', 'tools/redis-lab'],
]

/** Whether a quick run may leave this folder out, because no change reaches it. */
export function isUntouched(folder: string): boolean {
  return process.env[untouchedVariable]?.split(',').includes(folder) ?? false
}

/** One project per package and tool; integration brings its own, one per cell. */
export function workspaceProjects(): TestProjectConfiguration[] {
  return ['packages', 'tools']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((folder) => existsSync(join(root, folder, 'package.json')) && folder !== 'packages/integration')
    .filter((folder) => scope !== 'quick' || !(notQuick.includes(folder) || isUntouched(folder)))
    .filter((folder) => scope !== 'rest' || hasLongTests(join(root, folder, 'test')))
    .map((folder) => {
      const config = join(root, folder, 'vitest.config.ts')
      return existsSync(config)
        ? config
        : {
            ...packageTests,
            root: join(root, folder),
            test: { ...packageTests.test, name: basename(folder) },
          }
    })
}

function hasLongTests(folder: string): boolean {
  return (
    existsSync(folder) &&
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('.long.test.ts'))
  )
}
