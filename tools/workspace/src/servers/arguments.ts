import { UsageError, parseOptions } from '@cairnkit/tool-kit'
import { type ServerPlan, plans } from './plan.js'

export const USAGE: string = `Usage: npm run test:servers [-- <server> ...]

Runs the tests that depend on the server on other servers than the one of this machine,
all of them unless some are named, and prints the matrix of servers and cells. Fetches
those that are missing (npm run lab:servers). One that cannot be fetched is left out,
and counts as a failure if CI=true is set.

Servers
${plans.map(describePlan).join('\n')}

The whole test run on one server: CAIRN_REDIS_SERVER=valkey-9 npm test
Broken servers of one kind:       CAIRN_REDIS_SERVER=valkey-9 npm run chaos -- --short
`

export function readArguments(args: readonly string[]): readonly ServerPlan[] | 'help' {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  })
  if (values.help === true) return 'help'
  const stranger = positionals.find((name) => !plans.some(({ server }) => server === name))
  if (stranger !== undefined)
    throw new UsageError(`No tests are planned for a server named ${JSON.stringify(stranger)}`)
  return positionals.length === 0 ? plans : plans.filter(({ server }) => positionals.includes(server))
}

function describePlan({ server, client, files }: ServerPlan): string {
  return [`  ${server.padEnd(14)}${client} on every topology`, ...files.map((file) => `    ${file}`)].join(
    '\n',
  )
}
