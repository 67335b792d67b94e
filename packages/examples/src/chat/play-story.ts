import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { shown } from './printing.js'

/**
 * Each visit is a program of its own, beside this one. The second starts when the process of the first has ended, so all
 * that it can know is what the storage kept.
 */
const visits = ['first-visit', 'second-visit'].map(
  (name) => new URL(`${name}${extname(import.meta.url)}`, import.meta.url),
)

/** Plays the story with new threads, so that it goes the same way every time. A visit that fails ends it. */
export async function playStory(url: string): Promise<void> {
  console.log(`Storage: ${shown(url)}`)
  const run = randomBytes(3).toString('hex')
  for (const visit of visits) {
    const programArguments = [...process.execArgv, fileURLToPath(visit), url, run]
    const child = spawn(process.execPath, programArguments, { stdio: 'inherit' })
    const [exitCode] = (await once(child, 'exit')) as [number | null]
    if (exitCode !== 0) {
      process.exitCode = exitCode ?? 1
      return
    }
    console.log(`\n== Process ${child.pid} has ended`)
  }
}
