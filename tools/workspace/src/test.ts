import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureRedisServer } from '@cairnkit/redis-lab'
import { scopeVariable, untouchedVariable } from '../vitest.scope.js'
import { recordVariable } from './matrix-reporter.js'
import { closingLine, summary } from './report/layout.js'
import type { RunRecord } from './report/records.js'
import { judge, withExitCode } from './report/verdict.js'
import { type TestArguments, readTestArguments, usage } from './test-command/arguments.js'
import { runVitest } from './test-command/run-vitest.js'
import { untouchedPackages } from './test-command/untouched.js'

async function test({ scope, detail, forVitest }: TestArguments): Promise<void> {
  const startedAt = performance.now()
  console.log(`redis-server: ${await ensureRedisServer()}`)
  const untouched = scope === 'quick' ? await untouchedPackages() : []
  if (untouched.length > 0) console.log(`no change reaches: ${untouched.join(', ')}`)
  const directory = await mkdtemp(join(tmpdir(), 'cairn-test-'))
  try {
    const file = join(directory, 'record.json')
    const reporters = detail === 'names' ? ['default'] : ['minimal']
    const exitCode = await runVitest(
      [...reporters, './tools/workspace/src/matrix-reporter.ts']
        .map((name) => `--reporter=${name}`)
        .concat(forVitest),
      { [recordVariable]: file, [scopeVariable]: scope, [untouchedVariable]: untouched.join(',') },
    )
    if (!existsSync(file)) throw new Error(`vitest ended with exit code ${exitCode} before it ran a test`)
    const run = withExitCode(JSON.parse(await readFile(file, 'utf8')) as RunRecord, exitCode)
    const verdict = judge(run)
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    console.log(`\n${summary(run, verdict, { detail, seconds })}`)
    if (verdict.failed > 0) process.exitCode = 1
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function main(): Promise<void> {
  const chosen = readTestArguments(process.argv.slice(2))
  if (chosen === 'help') console.log(usage)
  else await test(chosen)
}

main().catch((error: unknown) => {
  console.error(error)
  console.log(`\n${closingLine({ passed: 0, failed: 1, skipped: 0 })}`)
  process.exitCode = 1
})
