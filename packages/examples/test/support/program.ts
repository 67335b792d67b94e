import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inject } from 'vitest'
import { root } from './documents.js'

export interface RunOptions {
  /**
   * Whether the packages are taken from their sources, as `npm run` does. The program itself is left as it is if it is
   * JavaScript. @default whether the program is TypeScript
   */
  readonly fromSources?: boolean
  /** What is typed. @default nothing */
  readonly input?: string
  /** Whether the input goes on after that, as a terminal's does. @default false */
  readonly keepsInputOpen?: boolean
  /** @default the folder of this package */
  readonly cwd?: string
}

export interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

/** Starts a program; one of TypeScript with the packages taken from their sources, as `npm run` does. */
export function startProgram(
  file: string,
  args: readonly string[],
  cwd?: string,
  fromSources: boolean = file.endsWith('.ts'),
): ChildProcess {
  // A key in the environment of whoever runs the tests would have the demo talk to a real model.
  const { OPENAI_API_KEY: _, ...env } = process.env
  const loader = fromSources ? ['--conditions=@cairnkit/source', '--import', tsx] : []
  return spawn(process.execPath, [...loader, file, ...args], {
    cwd,
    env: { ...env, NO_COLOR: '1' },
    stdio: 'pipe',
  })
}

/** Runs a program to its end. */
export async function runFile(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const child = startProgram(file, args, options.cwd, options.fromSources)
  const stdout = textOf(child, 'stdout')
  const stderr = textOf(child, 'stderr')
  child.stdin?.write(options.input ?? '')
  if (options.keepsInputOpen !== true) child.stdin?.end()
  // What hangs must not outlive its test.
  const watchdog = setTimeout(() => child.kill('SIGKILL'), 150_000)
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  }).finally(() => clearTimeout(watchdog))
  return { exitCode, stdout: stdout(), stderr: stderr() }
}

/** The program that `npm run demo` starts, compiled once for all tests. */
export async function runDemo(args: readonly string[], options?: RunOptions): Promise<Ended> {
  return await runFile(join(inject('chatFolder'), 'main.mjs'), args, options)
}

/** The same from its sources, as `npm run demo` starts it. */
export async function runDemoFromSources(args: readonly string[], options?: RunOptions): Promise<Ended> {
  return await runFile(join(root, 'packages/examples/src/chat/main.ts'), args, options)
}

/** The URL of a folder. */
export function lmdbUrl(folder: string): string {
  return pathToFileURL(folder).href.replace(/^file:/, 'lmdb:')
}

/** Gathers what a child says; the function returned gives all of it so far. */
export function textOf(child: ChildProcess, stream: 'stdout' | 'stderr'): () => string {
  const chunks: Buffer[] = []
  child[stream]?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString()
}
