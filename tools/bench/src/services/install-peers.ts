import { readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from './run-program.js'

const PEERS = fileURLToPath(new URL('../../peers', import.meta.url))
const MODULES = join(PEERS, 'node_modules')
/** Written last, with what was installed: an install that was interrupted is done again. */
const DONE = join(MODULES, '.cairn-bench')
/** A quiet `npm run` must not hide why an install fails. */
const LOUD = '--loglevel=error'
/** A second copy of these would bring a second serializer and classes that `instanceof` does not know. */
const OF_THE_WORKSPACE = ['core', 'langgraph', 'langgraph-checkpoint', 'langgraph-sdk', 'protocol']

/**
 * Installs the savers to compare with into `peers/node_modules`, the first time and after their lock file changed.
 * They are no part of the workspace, for one of them compiles a native library.
 */
export async function installPeers(say: (message: string) => void): Promise<void> {
  const wanted = `${await readFile(join(PEERS, 'package-lock.json'), 'utf8')}node ${process.version}\n`
  if ((await readIfThere(DONE)) === wanted) return
  say('installing the savers to compare with, and compiling SQLite: once, one to three minutes')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  await runProgram(npm, ['ci', '--prefix', PEERS, '--ignore-scripts', '--no-audit', '--no-fund', LOUD])
  for (const name of OF_THE_WORKSPACE) {
    await rm(join(MODULES, '@langchain', name), { recursive: true, force: true })
  }
  verifySharedCopies()
  const rebuild = ['rebuild', '--prefix', PEERS, 'better-sqlite3', '--build-from-source', LOUD]
  await runProgram(npm, rebuild)
  await writeFile(DONE, wanted)
}

/** Throws unless the peers see the workspace's own LangGraph. */
function verifySharedCopies(): void {
  const ofPeers = createRequire(join(MODULES, '@langchain/langgraph-checkpoint-sqlite/package.json'))
  const ofBench = createRequire(import.meta.url)
  for (const name of [
    '@langchain/core/messages',
    '@langchain/langgraph-checkpoint',
    '@langchain/langgraph',
  ]) {
    if (ofPeers.resolve(name) !== ofBench.resolve(name)) {
      throw new Error(
        `The savers to compare with would use a copy of ${name} of their own: ${ofPeers.resolve(name)}`,
      )
    }
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
