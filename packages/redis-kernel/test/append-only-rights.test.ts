import { type LabNode, startLab } from '@cairnkit/redis-lab'
import { describe, expect, it } from 'vitest'
import { createRedisDriver } from '../src/storage/index.js'
import { LabTransport } from './support/lab-transport.js'

/** What a server is, by its own words: a lab may show it as an older one. */
interface Identity {
  readonly product: 'redis' | 'valkey'
  readonly text: string
  /** 7.2 is 7002. */
  readonly order: number
}

async function identityOf(node: LabNode): Promise<Identity> {
  const info = String(await node.command('INFO', 'server'))
  const [, valkey] = /^valkey_version:(\S+)/m.exec(info) ?? []
  const [, redis] = /^redis_version:(\S+)/m.exec(info) ?? []
  const text = valkey ?? redis ?? ''
  const [major = 0, minor = 0] = text.split('.').map(Number)
  return { product: valkey === undefined ? 'redis' : 'valkey', text, order: major * 1000 + minor }
}

/**
 * Whether it drops scripts of several commands that the default user may not run, when it reads its append-only file. The
 * README and docs/reliability.md say the same.
 */
function loses({ product, order }: Identity): boolean | undefined {
  if (product === 'valkey') return order < 9000
  if (order < 7000) return false
  // Of what came after 8.0, nothing is known yet.
  return order <= 8000 ? true : undefined
}

const put = (key: string) => ({ type: 'put', key: [key], bytes: Buffer.from(key) }) as const

/** How many of two records are there after a restart, which a script has written with several commands. */
async function leftAfterRestart(node: LabNode): Promise<number> {
  const before = createRedisDriver(new LabTransport(node))
  await before.commit('p', { mutations: [put('a'), put('b')] })
  await node.restart()
  const after = createRedisDriver(new LabTransport(node))
  const [counted] = await after.read('p', [{ type: 'count', prefix: [] }])
  return counted?.type === 'count' ? counted.count : Number.NaN
}

describe('a default user that is switched off, and an append-only file', () => {
  it.for([
    ['with its rights', ['~*', '&*', '+@all']],
    ['without commands', ['-@all']],
    ['without keys', ['resetkeys']],
  ] as const)('%s', async ([name, rules], context) => {
    await using lab = await startLab('standalone-tls', { appendOnly: true })
    const [node] = lab.nodes
    const identity = await identityOf(node)
    const isLost = name === 'with its rights' ? false : loses(identity)
    if (isLost === undefined)
      return context.skip(`what ${identity.product} ${identity.text} does is to be written down here`)
    await node.command('ACL', 'SETUSER', 'default', 'off', ...rules)
    await node.command('ACL', 'SAVE')
    expect(await leftAfterRestart(node)).toBe(isLost ? 0 : 2)
  })
})
