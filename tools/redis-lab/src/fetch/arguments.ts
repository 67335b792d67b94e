import { UsageError, parseOptions } from '@cairnkit/tool-kit'
import {
  KNOWN_SERVERS,
  KNOWN_SERVER_NAMES,
  type KnownServerName,
  isKnownServer,
} from '../servers/known-servers.js'

export const USAGE: string = `Usage: npm run lab:servers [-- <server> ...]

Fetches servers that tests can run on, all of them unless some are named, and prints
the version of each. Nothing is installed: the packages of Debian's later suites are
unpacked, with the libraries they need, below ~/.cache/cairn/servers (or in the folder
that XDG_CACHE_HOME names). What is there already stays. For Debian, as any user.

Servers
${KNOWN_SERVER_NAMES.map((name) => `  ${name.padEnd(14)}${titleOf(name)}`).join('\n')}

Use
  CAIRN_REDIS_SERVER=valkey-9 npm test
`

export function readArguments(args: readonly string[]): readonly KnownServerName[] | 'help' {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  })
  if (values.help === true) return 'help'
  const known = positionals.filter(isKnownServer)
  const stranger = positionals.find((name) => !isKnownServer(name))
  if (stranger !== undefined) throw new UsageError(`There is no server named ${JSON.stringify(stranger)}`)
  return known.length > 0 ? known : KNOWN_SERVER_NAMES
}

function titleOf(name: KnownServerName): string {
  const server = KNOWN_SERVERS[name]
  switch (server.from) {
    case 'debian':
      return `${server.product === 'redis' ? 'Redis' : 'Valkey'} ${server.major}, from ${server.suites.join(' or ')}`
    case 'installed':
      return 'the redis-server of this machine, without the commands that came after 6.2'
  }
}
