import { UsageError, parseOptions } from '@cairnkit/tool-kit'
import type { TopologyKind } from './facts.js'
import { KNOWN_SERVER_NAMES } from './servers/known-servers.js'
import { TOPOLOGY_KINDS } from './start-lab.js'

export const USAGE: string = `Usage: npm run lab -- <topology> [--append-only]

Starts real Redis servers on free loopback ports, prints the URL to paste into
connect(), and waits. Ctrl-C ends the servers and removes what they wrote.

Topologies
  standalone       one server
  standalone-tls   one server with TLS, an authority of its own and an ACL user
  sentinel         one primary, two replicas, three sentinels
  cluster          three primaries with a replica each

Options
  --append-only    write to disk, so that a restarted server has its data
  -h, --help       this text

Environment
  CAIRN_REDIS_SERVER   another server: ${KNOWN_SERVER_NAMES.join(', ')},
                       valkey-server, or a path
`

export interface Arguments {
  readonly kind: TopologyKind
  readonly appendOnly: boolean
}

export function readArguments(args: readonly string[]): Arguments | 'help' {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' }, 'append-only': { type: 'boolean' } },
  })
  if (values.help === true) return 'help'
  const [name, ...rest] = positionals
  if (name === undefined) throw new UsageError('Which topology?')
  const kind = TOPOLOGY_KINDS.find((known) => known === name)
  if (kind === undefined) throw new UsageError(`There is no topology named ${JSON.stringify(name)}`)
  if (rest.length > 0)
    throw new UsageError(`One topology at a time: ${JSON.stringify(rest.join(' '))} is too much`)
  return { kind, appendOnly: values['append-only'] === true }
}
