import { type Server, SERVER_VARIABLE, fetchServer } from '@cairnkit/redis-lab'
import { runTool } from '@cairnkit/tool-kit'
import { scopeVariable } from '../vitest.scope.js'
import type { RunRecord } from './report/records.js'
import { judge } from './report/verdict.js'
import { USAGE, readArguments } from './servers/arguments.js'
import type { ServerPlan } from './servers/plan.js'
import { type ServerOutcome, serversReport, tally } from './servers/report.js'
import { runVitest } from './test-command/run-vitest.js'

await runTool({
  name: 'test:servers',
  usage: USAGE,
  readOptions: readArguments,
  run: async (chosen) => {
    const outcomes: ServerOutcome[] = []
    for (const plan of chosen) outcomes.push(await outcomeOf(plan))
    console.log(`\n${serversReport(outcomes)}`)
    if (tally(outcomes).failed > 0) process.exitCode = 1
  },
})

async function outcomeOf(plan: ServerPlan): Promise<ServerOutcome> {
  const name = plan.server
  let server: Server
  try {
    server = await fetchServer(name, (line) => console.log(line))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    console.log(`${name} could not be had, and is left out: ${reason}`)
    return { kind: 'missing', server: name, reason, fails: process.env['CI'] === 'true' }
  }
  console.log(`\n${name}: ${plan.client} on every topology`)
  const begin = performance.now()
  const record = await recordOf(plan)
  const { passed, failed } = judge(record)
  const seconds = Math.round((performance.now() - begin) / 1000)
  console.log(`${name}: ${passed} passed, ${failed} failed in ${seconds} s`)
  return { kind: 'ran', server: name, version: (await server.version()).text, record }
}

async function recordOf({ server, client, files }: ServerPlan): Promise<RunRecord> {
  const env = { [SERVER_VARIABLE]: server, CAIRN_CELL: `${client} | `, [scopeVariable]: 'all' }
  return (await runVitest({ args: files, env, output: 'failures' })).record
}
