import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { root } from '../main.js'

/** Runs vitest over the repository; resolves to its exit code. */
export async function runVitest(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  // vitest must stay alive to stop the servers it started, and this process to tell the outcome.
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal)
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', forward)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}
