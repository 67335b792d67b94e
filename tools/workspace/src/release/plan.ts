import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { fail } from '../main.js'
import { renderSection, withSection, withUpgrade } from './changelog.js'
import { changesOf } from './change.js'
import { commitsIn } from './commits.js'
import { isShallow, tagsOf } from './git.js'
import { checkVersion, lastReleased, nextVersion } from './next-version.js'
import { type WorkspacePackage, published, versionsOf, workspacePackages } from './workspace.js'

/** What a release would do. */
export interface Plan {
  readonly packages: readonly WorkspacePackage[]
  /** Whether the clone lacks a part of the history, so that commits and releases may be missing. */
  readonly isShallow: boolean
  /** The version of the last release, `undefined` before the first. */
  readonly last: string | undefined
  /** The version in the manifests. */
  readonly current: string
  readonly version: string
  /** The new section of the changelog. */
  readonly section: string
  /** The files that change beside manifests and lock file, by their paths from the root. */
  readonly documents: Readonly<Record<'CHANGELOG.md' | 'UPGRADING.md', string>>
}

/** Plans a release from what is in the folder and its Git history, and changes neither. */
export async function planRelease(
  root: string,
  { version: asked, from }: { readonly version?: string; readonly from?: string },
  now: Date,
): Promise<Plan> {
  const packages = published(await workspacePackages(root))
  const current = oneVersionOf(packages)
  const last = lastReleased(await tagsOf(root, '--merged'))
  const isFirst = last === undefined && from === undefined
  const start = from ?? (last === undefined ? undefined : `v${last}`)
  const folders = packages.map(({ folder }) => basename(folder))
  const changes = start === undefined ? [] : changesOf(await commitsIn(root, `${start}..HEAD`, folders))
  const derived = isFirst ? current : nextVersion(current, changes)
  const version = checkVersion(asked ?? derived, current, isFirst)
  const date = now.toISOString().slice(0, 10)
  const first = packages.map(({ folder, manifest: { name, description } }) => ({
    ...{ folder, name },
    description: String(description),
  }))
  const section = await formatted(
    root,
    renderSection({ version, date, changes, ...(isFirst ? { first } : {}) }, repositoryOf(packages)),
  )
  const documents = {
    'CHANGELOG.md': withSection(await readFile(join(root, 'CHANGELOG.md'), 'utf8'), section),
    'UPGRADING.md': withUpgrade(await readFile(join(root, 'UPGRADING.md'), 'utf8'), { version, changes }),
  }
  return { packages, isShallow: await isShallow(root), last, current, version, section, documents }
}

function oneVersionOf(packages: readonly WorkspacePackage[]): string {
  const [version, ...others] = new Set(Object.values(versionsOf(packages)))
  if (version === undefined || others.length > 0)
    fail(`The published packages must have one version, they have ${[version, ...others].join(', ')}`)
  return version
}

/** The page of the repository, as the manifests name it. */
function repositoryOf(packages: readonly WorkspacePackage[]): string {
  const [url] = packages.map(({ manifest }) => (manifest['repository'] as { readonly url: string }).url)
  return String(url)
    .replace(/^git\+/, '')
    .replace(/\.git$/, '')
}

async function formatted(root: string, markdown: string): Promise<string> {
  const filepath = join(root, 'CHANGELOG.md')
  return await format(markdown, { ...(await resolveConfig(filepath)), filepath })
}
