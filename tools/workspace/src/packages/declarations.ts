import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { table } from '../boundaries/table.js'
import { fail, fromRoot } from '../main.js'
import type { PublicPackage } from './public-packages.js'

/**
 * Fails when a package's declarations name a package that it loads on demand: whoever has not installed that one could
 * not type-check any more.
 */
export async function checkDeclarations(packages: readonly PublicPackage[]): Promise<void> {
  for (const { folder } of packages) {
    const onDemand = table[fromRoot(folder)]?.byName?.packages ?? []
    if (onDemand.length === 0) continue
    for (const file of await readdir(join(folder, 'dist'), { recursive: true })) {
      if (!/\.d\.c?ts$/.test(file)) continue
      const text = await readFile(join(folder, 'dist', file), 'utf8')
      const named = onDemand.filter((name) => text.includes(`'${name}'`) || text.includes(`"${name}"`))
      if (named.length > 0)
        fail(`${fromRoot(join(folder, 'dist', file))} names ${named.join(', ')}, loaded on demand`)
    }
  }
}
