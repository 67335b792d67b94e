import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'
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
  console.log(`\n${summary(run, verdict, { detail: chosen.detail, seconds })}`)
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
  Object.assign(process.env, env)
  // The configuration reads the variables when it is loaded.
  const { href } = pathToFileURL(join(root, 'vitest.config.ts'))
  const { default: config } = (await import(href)) as { readonly default: ViteUserConfig }
  return await runInLanes(config.test?.projects ?? [], env)
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
