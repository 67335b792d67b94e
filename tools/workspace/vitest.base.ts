import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProjectConfiguration, UserWorkspaceConfig } from 'vitest/config'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** `@cairnkit/source` before the conditions that vite itself uses on a server. */
const conditions = ['@cairnkit/source', 'module', 'node', 'development|production']

/** The tests of a package: siblings are loaded from their sources, never from a build that may be old. */
export const packageTests: UserWorkspaceConfig = {
  ssr: { resolve: { conditions } },
  test: { include: ['test/**/*.test.ts'], allowOnly: false },
}

/** One project per package and tool; integration brings its own, one per cell. */
export function workspaceProjects(): TestProjectConfiguration[] {
  const folders = ['packages', 'tools'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(root, parent, name)),
  )
  return folders
    .filter((folder) => existsSync(join(folder, 'package.json')) && !folder.endsWith('integration'))
    .map((folder) => {
      const config = join(folder, 'vitest.config.ts')
      return existsSync(config)
        ? config
        : { ...packageTests, root: folder, test: { ...packageTests.test, name: basename(folder) } }
    })
}
