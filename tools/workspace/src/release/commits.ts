import { type Manifest, meanTheSame } from './manifests.js'
import { git } from './git.js'

/** What a release needs to know of a commit. */
export interface Commit {
  readonly hash: string
  readonly subject: string
  /** The value of its line `Release:`, empty without one. */
  readonly release: string
  /** The folders below `packages/` whose published part it alters, sorted. */
  readonly published: readonly string[]
}

/** A commit as Git lists it. */
export type ListedCommit = Omit<Commit, 'published'> & { readonly files: readonly string[] }

const record = '\u001E'
const field = '\u001F'
const format = '%x1e%H%x1f%s%x1f%(trailers:key=Release,valueonly,separator=%x2C)%x1f'

/** The commits of `range`, the oldest first, without merges: what they merge is listed by itself. */
export async function commitsIn(
  folder: string,
  range: string,
  publicFolders: readonly string[],
): Promise<Commit[]> {
  const listed = parseLog(
    await git(
      folder,
      'log',
      '--no-merges',
      '--reverse',
      '--no-renames',
      '--name-only',
      `--format=${format}`,
      range,
    ),
  )
  const commits: Commit[] = []
  for (const { files, ...commit } of listed) {
    const published: string[] = []
    for (const name of publicFolders)
      if (
        touchesCode(files, name) ||
        (files.includes(manifestOf(name)) && (await altersManifest(folder, commit.hash, manifestOf(name))))
      )
        published.push(name)
    commits.push({ ...commit, published: published.sort() })
  }
  return commits
}

/** Takes what `git log` printed apart. */
export function parseLog(log: string): ListedCommit[] {
  return log
    .split(record)
    .slice(1)
    .map((text) => {
      const [hash = '', subject = '', release = '', files = ''] = text.split(field)
      return {
        hash,
        subject,
        release: release.trim(),
        files: files.split('\n').filter((file) => file !== ''),
      }
    })
}

/** Whether the files are among those from which a package is built. Its tests and its README change nothing. */
export function touchesCode(files: readonly string[], name: string): boolean {
  return files.some((file) => file.startsWith(`packages/${name}/src/`))
}

function manifestOf(name: string): string {
  return `packages/${name}/package.json`
}

async function altersManifest(folder: string, hash: string, path: string): Promise<boolean> {
  const [before, after] = [await manifestAt(folder, `${hash}^`, path), await manifestAt(folder, hash, path)]
  return before === undefined || after === undefined || !meanTheSame(before, after)
}

async function manifestAt(folder: string, commit: string, path: string): Promise<Manifest | undefined> {
  const listed = await git(folder, 'ls-tree', '--name-only', commit, path)
  if (listed === '') return undefined
  return JSON.parse(await git(folder, 'show', `${commit}:${path}`)) as Manifest
}
