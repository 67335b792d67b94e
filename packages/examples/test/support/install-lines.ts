import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { type Document, root } from './documents.js'

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** The packages that each `npm install` of a document names. */
export function installLines({ blocks }: Document): string[][] {
  return blocks
    .filter(({ info: [language] }) => language === 'sh')
    .flatMap(({ code }) => [...code.matchAll(/^npm install ([^#\n]+)/gm)])
    .map(([, names = '']) => names.split(/\s+/).filter((name) => name !== '' && !name.startsWith('-')))
}

/**
 * What a package manager that installs no peers by itself would leave out: the peers of these packages, and of what Cairn's
 * own packages depend on, that are not among them.
 */
export function missingPeers(names: readonly string[]): string[] {
  const needed = new Set(names.flatMap(peersOf))
  return [...needed].filter((name) => !names.includes(name))
}

function peersOf(name: string): string[] {
  const manifest = JSON.parse(
    readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'),
  ) as Manifest
  const dependencies = Object.keys(manifest.dependencies ?? {})
  // Some packages name a package twice, so that it is there when nobody else brings it.
  const own = Object.keys(manifest.peerDependencies ?? {}).filter(
    (peer) => manifest.peerDependenciesMeta?.[peer]?.optional !== true && !dependencies.includes(peer),
  )
  const ours = dependencies.filter((one) => one.startsWith('@cairnkit/'))
  return [...own, ...ours.flatMap(peersOf)]
}

/** The packages that the examples of a document import. */
export function importedPackages({ blocks }: Document): string[] {
  const specifiers = blocks
    .filter(({ info: [language] }) => language === 'ts')
    .flatMap(({ code }) => [...code.matchAll(/^import [^']*'([^'.][^']*)'$/gm)])
    .map(([, specifier = '']) => specifier)
  return [...new Set(specifiers.filter((one) => !isBuiltin(one)).map(packageOf))]
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
