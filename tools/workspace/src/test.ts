import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ensureRedisServer } from '@cairnkit/redis-lab'
import { root } from './main.js'
import { recordVariable } from './matrix-reporter.js'
import { closingLine, summary } from './report/layout.js'
import type { RunRecord } from './report/records.js'
import { judge, withExitCode } from './report/verdict.js'

/** Runs vitest with the caller's arguments; resolves to its exit code. */
async function runVitest(recordFile: string): Promise<number> {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, [recordVariable]: recordFile },
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

async function main(): Promise<void> {
  console.log(`redis-server: ${await ensureRedisServer()}`)
  const directory = await mkdtemp(join(tmpdir(), 'cairn-test-'))
  try {
    const file = join(directory, 'record.json')
    const exitCode = await runVitest(file)
    if (!existsSync(file)) throw new Error(`vitest ended with exit code ${exitCode} before it ran a test`)
    const run = withExitCode(JSON.parse(await readFile(file, 'utf8')) as RunRecord, exitCode)
    const verdict = judge(run)
    console.log(`\n${summary(run, verdict)}`)
    if (verdict.failed > 0) process.exitCode = 1
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

main().catch((error: unknown) => {
  console.error(error)
  console.log(`\n${closingLine({ passed: 0, failed: 1, skipped: 0 })}`)
  process.exitCode = 1
})
