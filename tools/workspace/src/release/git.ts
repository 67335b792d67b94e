import { run } from '../packages/run.js'

/** Runs git in a folder, and resolves to what it printed. A question takes no lock, so it changes nothing in `.git`. */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  return await run(folder, 'git', ['--no-optional-locks', ...args])
}

/** Whether every file is as in the last commit. */
export async function isClean(folder: string): Promise<boolean> {
  return (await git(folder, 'status', '--porcelain')) === ''
}

/** Whether commits and tags are missing, as in a clone of the last commit alone. */
export async function isShallow(folder: string): Promise<boolean> {
  return (await git(folder, 'rev-parse', '--is-shallow-repository')).trim() === 'true'
}

/** The tags on the last commit, or on any before it. */
export async function tagsOf(folder: string, which: '--points-at' | '--merged'): Promise<string[]> {
  return (await git(folder, 'tag', which, 'HEAD')).split('\n').filter((tag) => tag !== '')
}
