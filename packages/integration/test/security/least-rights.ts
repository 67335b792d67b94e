import { readFileSync } from 'node:fs'
import { createIoredisDriver } from '@cairnkit/ioredis'
import { createNodeRedisDriver } from '@cairnkit/node-redis'
import type { StorageDriver } from '@cairnkit/core'
import type { Lab } from '@cairnkit/redis-lab'
import { addressOf } from '../../src/address-of.js'
import type { ClientName } from '../../src/cells.js'
import type { User } from '../../src/service-user.js'

/** All commands that the README of a package names with a plus. */
export function commandsOfPackage(name: string): readonly string[] {
  const text = readFileSync(new URL(`../../../${name}/README.md`, import.meta.url), 'utf8')
  return [...text.matchAll(/(?<=[\s`])\+([a-z_|]+)/g)].map(([, command = '']) => command)
}

/** Makes the user anew on every server that holds data. */
export async function setUser(
  lab: Lab,
  { username, password }: User,
  keyPattern: string,
  commands: readonly string[],
): Promise<void> {
  const rules = [`~${keyPattern}`, 'resetchannels', '-@all', ...commands.map((command) => `+${command}`)]
  for (const node of lab.nodes)
    await node.command('ACL', 'SETUSER', username, 'reset', 'on', `>${password}`, ...rules)
}

/** What the servers refused to the user since the log was reset, each command once. */
export async function refusedTo(lab: Lab, { username }: User): Promise<readonly string[]> {
  const entries = await Promise.all(lab.nodes.map(async (node) => await node.command('ACL', 'LOG', '128')))
  const refused = new Set<string>()
  for (const entry of entries.flat() as unknown[][]) {
    const fields = new Map(
      entry.flatMap((item, at) => (at % 2 === 0 ? [[item, entry[at + 1]] as const] : [])),
    )
    if (fields.get('username') === username)
      refused.add(`${String(fields.get('reason'))}: ${String(fields.get('object'))}`)
  }
  return [...refused]
}

export async function resetLog(lab: Lab): Promise<void> {
  for (const node of lab.nodes) await node.command('ACL', 'LOG', 'RESET')
}

const factories = { ioredis: createIoredisDriver, 'node-redis': createNodeRedisDriver } as const

/** A driver that logs in as `user`, with a database of its own where there are several. */
export function driverAs(client: ClientName, lab: Lab, user: User, keyPrefix: string): StorageDriver {
  const create = factories[client]
  const common = { ...user, keyPrefix }
  const [{ host, port }] = lab.nodes
  switch (lab.kind) {
    case 'standalone':
      return create({ ...common, url: `redis://${host}:${port}`, db: DATABASE })
    case 'standalone-tls':
      return create({ ...common, url: `rediss://localhost:${port}`, tls: { ca: lab.ca }, db: DATABASE })
    case 'sentinel':
      return create({
        ...common,
        sentinel: { name: lab.name, nodes: lab.sentinels.map(addressOf) },
        db: DATABASE,
      })
    case 'cluster':
      return create({ ...common, cluster: { nodes: lab.nodes.map(addressOf) } })
  }
}

const DATABASE = 3
