import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../main.js'
import type { PublicPackage } from './public-packages.js'
import { run } from './run.js'
import { oldCompilers } from './type-check.js'

/** What a user installs next to the packages: their peers, and the types of Node. Compilers come on top. */
const companions = [
  '@langchain/core',
  '@langchain/langgraph',
  '@langchain/langgraph-checkpoint',
  '@types/node',
  'ioredis',
  'lmdb',
  'redis',
]

/** Packs every package into `folder`; resolves to the file names by package name. */
export async function pack(
  packages: readonly PublicPackage[],
  folder: string,
): Promise<Record<string, string>> {
  const tarballs: Record<string, string> = {}
  for (const { name, folder: source } of packages)
    tarballs[name] = (await packFolder(name, source, folder)).filename
  return tarballs
}

/** Packs the package in `source` into `folder`. Fails if it would publish what nobody is meant to get. */
export async function packFolder(name: string, source: string, folder: string): Promise<Packed> {
  const [packed] = JSON.parse(
    await run(source, 'npm', ['pack', '--json', '--pack-destination', folder]),
  ) as Packed[]
  if (packed === undefined) throw new Error(`npm pack of ${name} reports nothing`)
  const foreign = packed.files.map((file) => file.path).filter((path) => !published.test(path))
  if (foreign.length > 0) throw new Error(`${name} would publish ${foreign.join(', ')}`)
  return packed
}

const published = /^(dist\/.*\.(js|cjs|d\.ts|d\.cts)|package\.json|README\.md|LICENSE)$/

/** What `npm pack --json` says of a tarball. Sizes are in bytes. */
export interface Packed {
  readonly filename: string
  readonly version: string
  readonly size: number
  readonly unpackedSize: number
  readonly files: readonly PackedFile[]
}

export interface PackedFile {
  readonly path: string
  readonly size: number
}

/** Makes `folder` an empty project that depends on the tarballs, and installs it. */
export async function install(folder: string, tarballs: Readonly<Record<string, string>>): Promise<void> {
  const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as RootManifest
  const local = Object.fromEntries(Object.entries(tarballs).map(([name, file]) => [name, `file:${file}`]))
  const pinned = Object.fromEntries(companions.map((name) => [name, devDependencies[name]]))
  const manifest = { name: 'consumer', private: true, dependencies: { ...local, ...pinned, ...oldCompilers } }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, undefined, 2))
  await run(folder, 'npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'])
}

interface RootManifest {
  readonly devDependencies: Readonly<Record<string, string>>
}
