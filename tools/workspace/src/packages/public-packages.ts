import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../main.js'

/** A package that is published. */
export interface PublicPackage {
  readonly name: string
  readonly folder: string
}

/** Every package below `packages/` that is not private. */
export async function publicPackages(): Promise<PublicPackage[]> {
  const found: PublicPackage[] = []
  for (const entry of (await readdir(join(root, 'packages'))).sort()) {
    const folder = join(root, 'packages', entry)
    if (!existsSync(join(folder, 'package.json'))) continue
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
    if (manifest.private !== true) found.push({ name: manifest.name, folder })
  }
  return found
}

interface Manifest {
  readonly name: string
  readonly private?: boolean
}
