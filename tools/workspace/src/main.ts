import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root folder of the repository, without a trailing slash. */
export const root: string = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '')

/** A path as a reader of the repository knows it. */
export function fromRoot(path: string): string {
  return relative(root, path).replaceAll('\\', '/')
}

/** A problem that the reader can act on: printed without a stack. */
export class Failure extends Error {}

/** Ends the program with exit code 1 and this message. */
export function fail(message: string): never {
  throw new Failure(message)
}

/** Runs a program; a rejection is printed and becomes exit code 1. */
export function runMain(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    console.error(error instanceof Failure ? error.message : error)
    process.exitCode = 1
  })
}
