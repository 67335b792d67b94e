import { join } from 'node:path'
import type { TestProjectConfiguration } from 'vitest/config'
import { resolveConfig } from 'vitest/node'
import { ensureRedisServer } from '@cairnkit/redis-lab'
import { scopeVariable, untouchedVariable } from '../vitest.scope.js'
import { root } from './main.js'
import { closingLine, summary } from './report/layout.js'
import type { RunRecord } from './report/records.js'
import { judge } from './report/verdict.js'
import { type TestArguments, readTestArguments, usage } from './test-command/arguments.js'
import { runInLanes } from './test-command/lanes.js'
import { runVitest } from './test-command/run-vitest.js'
import { untouchedPackages } from './test-command/untouched.js'

async function test(chosen: TestArguments): Promise<void> {
  const startedAt = performance.now()
  console.log(`redis-server: ${await ensureRedisServer()}`)
  const untouched = chosen.scope === 'quick' ? await untouchedPackages() : []
  if (untouched.length > 0) console.log(`no change reaches: ${untouched.join(', ')}`)
  const env = { [scopeVariable]: chosen.scope, [untouchedVariable]: untouched.join(',') }
  const run = await recordOf(chosen, env)
  const verdict = judge(run)
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  console.log(`\n${summary(run, verdict, { detail: chosen.detail, times: chosen.times, seconds })}`)
  if (verdict.failed > 0) process.exitCode = 1
}

async function recordOf(
  { detail, forVitest }: TestArguments,
  env: Readonly<Record<string, string>>,
): Promise<RunRecord> {
  // What is typed for vitest is about the run as a whole.
  if (detail === 'names' || forVitest.length > 0) {
    const output = detail === 'names' ? 'names' : 'failures'
    return (await runVitest({ args: forVitest, env, output })).record
  }
  return await runInLanes(await projectsOfRoot(env), env)
}

async function projectsOfRoot(
  env: Readonly<Record<string, string>>,
): Promise<readonly TestProjectConfiguration[]> {
  // The configuration reads the variables while it is loaded.
  Object.assign(process.env, env)
  const { vitestConfig } = await resolveConfig({ config: join(root, 'vitest.config.ts') })
  return vitestConfig.projects ?? []
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
