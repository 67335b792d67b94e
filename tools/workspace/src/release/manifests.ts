import { fail } from '../main.js'
/** A package.json, or the entry of a workspace package in a lock file. */
export interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly private?: boolean
  readonly dependencies?: Versions
  readonly devDependencies?: Versions
  readonly peerDependencies?: Versions
  readonly optionalDependencies?: Versions
  readonly [field: string]: unknown
}

/** Versions by the names of packages. */
export type Versions = Readonly<Record<string, string>>

const rangeFields = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const

/** Fields that say something about the development of a package, not about what its users get. */
const privateFields: ReadonlySet<string> = new Set(['version', 'devDependencies', 'scripts', 'nx'])

/** The manifest with these versions: its own, and exactly these of the packages that it needs. */
export function withVersions(manifest: Manifest, versions: Versions): Manifest {
  const changed: Record<string, unknown> = { ...manifest }
  if (manifest.version !== undefined) changed['version'] = versions[manifest.name ?? ''] ?? manifest.version
  for (const field of rangeFields) {
    const ranges = Object.entries(manifest[field] ?? {})
    if (ranges.length > 0)
      changed[field] = Object.fromEntries(ranges.map(([name, range]) => [name, versions[name] ?? range]))
  }
  return changed
}

/** A package-lock.json of npm. */
export interface LockFile {
  readonly packages: Readonly<Record<string, Manifest>>
  readonly [field: string]: unknown
}

/** The lock file with these versions of the workspace's own packages. What was installed stays as it is. */
export function lockWithVersions(lock: LockFile, versions: Versions): LockFile {
  const entries = Object.entries(lock.packages).map(([path, entry]) => [
    path,
    path.includes('node_modules/') ? entry : withVersions(entry, versions),
  ])
  return { ...lock, packages: Object.fromEntries(entries) as Record<string, Manifest> }
}

/** Whether two manifests of a package mean the same to its users, whatever their versions. */
export function meanTheSame(a: Manifest, b: Manifest): boolean {
  return publicPart(a) === publicPart(b)
}

/** Ranges of the workspace's own packages change with each release, and say nothing. */
function publicPart(manifest: Manifest): string {
  const needed = rangeFields.flatMap((field) => Object.keys(manifest[field] ?? {}))
  const own = needed.filter((name) => name.startsWith('@cairnkit/'))
  const still = withVersions(manifest, Object.fromEntries(own.map((name) => [name, 'own'])))
  return JSON.stringify(Object.entries(still).filter(([field]) => !privateFields.has(field)))
}

/** The packages in an order in which each comes after those of them that it needs. */
export function inOrder<T extends { readonly manifest: Manifest }>(packages: readonly T[]): T[] {
  const ordered = new Set<T>()
  const visit = (one: T, above: readonly T[]): void => {
    if (ordered.has(one)) return
    if (above.includes(one)) fail(`${String(one.manifest.name)} needs itself`)
    const { dependencies, peerDependencies } = one.manifest
    const needed = { ...dependencies, ...peerDependencies }
    for (const other of packages)
      if (other.manifest.name !== undefined && other.manifest.name in needed) visit(other, [...above, one])
    ordered.add(one)
  }
  for (const one of packages) visit(one, [])
  return [...ordered]
}

/** A manifest as npm writes it. */
export function printManifest(manifest: Manifest | LockFile): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`
}
