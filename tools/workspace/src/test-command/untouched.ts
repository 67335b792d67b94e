import { execFile } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../main.js'

const run = promisify(execFile)

/** Their tests read files of the whole repository, which no graph of imports shows. */
const readsEverything: readonly string[] = ['packages/examples', 'tools/workspace']

/**
 * The folders of packages that no change reaches, by nx' graph: what differs from the branch point of `origin/main`, and
 * what is not committed. None when nothing has changed, when something changed that belongs to no package, and when git
 * or nx cannot tell.
 */
export async function untouchedPackages(): Promise<readonly string[]> {
  const files = await changedFiles()
  if (files.length === 0 || !files.every(isInPackage)) return []
  const { stdout } = await run(
    process.execPath,
    [nxProgram(), 'show', 'projects', '--affected', '--json', `--files=${files.join(',')}`],
    { cwd: root, env: { ...process.env, NX_TUI: 'false' } },
  )
  const affected = JSON.parse(stdout) as readonly string[]
  return packages().flatMap(({ folder, name }) =>
    affected.includes(name) || readsEverything.includes(folder) ? [] : [folder],
  )
}

/** The file that `npx nx` runs. */
export function nxProgram(): string {
  const manifest = join(root, 'node_modules/nx/package.json')
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly bin: { readonly nx: string } }
  return join(dirname(manifest), bin.nx)
}

/** A document changes no program. */
function isInPackage(file: string): boolean {
  return file.startsWith('packages/') || file.startsWith('tools/') || file.endsWith('.md')
}

async function changedFiles(): Promise<readonly string[]> {
  const base = await git('merge-base', 'HEAD', 'origin/main')
  const sinceBase = base === undefined ? [] : lines(await git('diff', '--name-only', base.trim()))
  const uncommitted = lines(await git('diff', '--name-only', 'HEAD'))
  const untracked = lines(await git('ls-files', '--others', '--exclude-standard'))
  return [...new Set([...sinceBase, ...uncommitted, ...untracked])]
}

/** What git says; `undefined` where it cannot: no repository, no such branch. */
async function git(...args: readonly string[]): Promise<string | undefined> {
  return await run('git', args, { cwd: root }).then(
    ({ stdout }) => stdout,
    () => undefined,
  )
}

function lines(text: string | undefined): readonly string[] {
  return text?.split('\n').filter((line) => line !== '') ?? []
}

function packages(): readonly { readonly folder: string; readonly name: string }[] {
  return ['packages', 'tools'].flatMap((parent) =>
    readdirSync(join(root, parent)).flatMap((name) => {
      const manifest = join(root, parent, name, 'package.json')
      if (!existsSync(manifest)) return []
      const { name: packageName } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly name: string }
      return [{ folder: `${parent}/${name}`, name: packageName }]
    }),
  )
}
