import { inspect } from 'node:util'
import { connect } from '@cairnkit/connect'
import { Keyspace, type StorageDriver, type StorageObserver } from '@cairnkit/core'
import { createIoredisDriver } from '@cairnkit/ioredis'
import { CairnSaver } from '@cairnkit/langgraph'
import { createNodeRedisDriver } from '@cairnkit/node-redis'
import { type Lab, type LabNode, startLab } from '@cairnkit/redis-lab'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { chatGraph, human, threadConfig } from '../src/graphs.js'
import { Ears } from './security/ears.js'

/** What must never be seen; with letters that URLs, JSON and patterns treat in their own ways. */
const PASSWORD = 'pass"w%rd/\\@{secret}'
const URL_PASSWORD = encodeURIComponent(PASSWORD)
const SENTINEL_PASSWORD = 'sentinel-secret-9f3c'
const TLS_KEY = 'not-really-a-key-51d07e'
const CONVERSATION = 'what-the-customer-said-77aa'

const secrets: readonly string[] = [
  PASSWORD,
  URL_PASSWORD,
  JSON.stringify(PASSWORD).slice(1, -1),
  SENTINEL_PASSWORD,
  TLS_KEY,
  CONVERSATION,
]

const NO_SECRETS = 'this storage is told no secrets'
const NOWHERE = { client: 'ioredis', topology: 'standalone' } as const

const cell = await openCell('secrets')
afterAll(async () => await cell[Symbol.asyncDispose]())
const { storage } = cell.cell

/** Everything that can be seen of a value without a debugger. */
function seenOf(value: unknown): string {
  const texts = [
    inspect(value, { depth: 30, showHidden: true, getters: true, maxStringLength: null }),
    String(value),
  ]
  try {
    texts.push(JSON.stringify(value) ?? '')
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
  }
  for (let error = value; error instanceof Error; error = error.cause)
    texts.push(error.message, error.stack ?? '', JSON.stringify(Object.getOwnPropertyDescriptors(error)))
  return texts.join('\n')
}

function expectNoSecret(what: string, value: unknown): void {
  const seen = seenOf(value)
  const found = secrets.filter((secret) => seen.includes(secret))
  expect(found, `${what} shows a secret`).toEqual([])
}

async function causeOf(work: () => unknown): Promise<unknown> {
  try {
    await work()
  } catch (cause) {
    return cause
  }
  return expect.unreachable('it did not fail')
}

describe('secrets', () => {
  const { client, topology } = storage.kind === 'redis' ? storage : NOWHERE
  const ends: (() => Promise<void>)[] = []
  const create = client === 'ioredis' ? createIoredisDriver : createNodeRedisDriver
  let lab: Lab

  beforeEach((context) => {
    if (storage.kind !== 'redis') context.skip(NO_SECRETS)
  })
  beforeAll(async () => {
    if (storage.kind !== 'redis') return
    const ears = Ears.open()
    lab = await startLab(topology)
    ends.push(
      async () => await lab.stop(),
      async () => {
        const told = ears.close().find((line) => secrets.some((secret) => line.includes(secret)))
        if (told !== undefined) throw new Error(`The process told a secret: ${told}`)
      },
    )
    for (const node of lab.nodes)
      await node.command('ACL', 'SETUSER', 'agent', 'on', `>${PASSWORD}`, '~*', '&*', '+@all')
  })
  afterAll(async () => {
    for (const end of ends) await end()
  })

  const address = ({ host, port }: LabNode): { host: string; port: number } => ({ host, port })
  /** Where the lab is, as options. */
  const target = (
    password: string,
    sentinelPassword = SENTINEL_PASSWORD,
  ): Parameters<typeof createIoredisDriver>[0] & Parameters<typeof createNodeRedisDriver>[0] => {
    const common = { username: 'agent', password, connectTimeoutMs: 1500 }
    switch (lab.kind) {
      case 'standalone':
        return { ...common, url: `redis://127.0.0.1:${lab.nodes[0].port}` }
      case 'standalone-tls':
        return { ...common, url: `rediss://localhost:${lab.nodes[0].port}`, tls: { ca: lab.ca } }
      case 'sentinel':
        return {
          ...common,
          sentinel: { name: lab.name, nodes: lab.sentinels.map(address) },
          ...(sentinelPassword === '' ? {} : { sentinelPassword }),
        }
      case 'cluster':
        return { ...common, cluster: { nodes: lab.nodes.map(address) } }
    }
  }

  test('are not in anything public of a driver that works, and not in what its observer hears', async () => {
    const heard: unknown[] = []
    const observer: StorageObserver = {
      onCall: (event) => heard.push(event),
      onRetry: (event) => heard.push(event),
    }
    await using driver = create(target(PASSWORD, ''))
    const saver = new CairnSaver(driver, { observer })
    await chatGraph(saver).invoke(human(CONVERSATION), threadConfig('secrets'))
    const keyspace = new Keyspace(driver, ['thread'], { observer })
    for (const [what, value] of Object.entries({
      driver,
      keyspace,
      partition: keyspace.partition('a'),
      heard,
    }))
      expectNoSecret(what, value)
    // Nor the conversation in the checkpointer, which has just stored it.
    expectNoSecret('saver', saver)
    expect(heard.length).toBeGreaterThan(3)
  })

  test('are not in the errors of commands that fail, in whatever way', async () => {
    const heard: unknown[] = []
    const observer: StorageObserver = {
      onCall: (event) => heard.push(event),
      onRetry: (event) => heard.push(event),
    }
    await using driver = create(target(PASSWORD, ''))
    const saver = new CairnSaver(driver, { observer, timeoutMs: 1500 })
    const stored = await chatGraph(saver).invoke(human(CONVERSATION), threadConfig('failing'))
    expect(stored.messages).toHaveLength(2)
    const talk = async (threadId: string): Promise<unknown> =>
      await causeOf(async () => await chatGraph(saver).invoke(human(CONVERSATION), threadConfig(threadId)))
    const onAll = async (...command: string[]): Promise<void> => {
      for (const node of lab.nodes) await node.command(...command)
    }
    // Not when a server is full: refused before the script runs, with the whole command at hand.
    await onAll('CONFIG', 'SET', 'maxmemory', '1')
    expectNoSecret('full', await talk('full'))
    await onAll('CONFIG', 'SET', 'maxmemory', '0')
    await onAll('ACL', 'SETUSER', 'agent', '-zadd')
    expectNoSecret('forbidden', await talk('forbidden'))
    await onAll('ACL', 'SETUSER', 'agent', '-@all')
    expectNoSecret('all forbidden', await talk('all-forbidden'))
    await onAll('ACL', 'SETUSER', 'agent', '+@all', `<${PASSWORD}`, '>another')
    await onAll('CLIENT', 'KILL', 'USER', 'agent')
    expectNoSecret('a password that was changed', await talk('changed'))
    await onAll('ACL', 'SETUSER', 'agent', `>${PASSWORD}`, '<another')
    expectNoSecret('events', heard)
    await driver.close()
    expectNoSecret('closed', await talk('closed'))
  })

  test('are not in the errors of opening: wrong passwords, wrong keys, no server', async () => {
    const failing: Readonly<Record<string, () => StorageDriver>> = {
      'a wrong password': () => create(target(`${PASSWORD}!`)),
      'a key that is none': () =>
        create({
          url: `rediss://agent:${URL_PASSWORD}@127.0.0.1:${lab.nodes[0].port}`,
          tls: { key: TLS_KEY, cert: TLS_KEY, passphrase: TLS_KEY },
          connectTimeoutMs: 500,
        }),
      'nobody there': () =>
        create({ url: `redis://agent:${URL_PASSWORD}@127.0.0.1:1`, connectTimeoutMs: 500 }),
      'no such host': () =>
        create({ url: `redis://agent:${URL_PASSWORD}@no-such-host.invalid`, connectTimeoutMs: 500 }),
    }
    for (const [what, open] of Object.entries(failing)) {
      const driver = open()
      expectNoSecret(`${what}: the driver`, driver)
      expectNoSecret(what, await causeOf(async () => await driver.open()))
      const saver = new CairnSaver(driver, { timeoutMs: 500 })
      expectNoSecret(what, await causeOf(async () => await saver.getTuple(threadConfig('x'))))
      await driver.close()
    }
  })

  test('are not in the errors about options and URLs', async () => {
    const from = (text: string): string[] => [
      `redis://agent:${text}@host:99999`,
      `redis://agent:${text}@host:6379/nine`,
      `redis://agent:${text}@host:6379?x=${text}`,
      `redis//agent:${text}@host`,
      `http://agent:${text}@host`,
      `rediss+sentinel://agent:${text}@host/`,
      `redis+cluster://agent:${text}@host:1,host:0`,
      `redis://agent:${text}@`,
      // The "?" was forgotten.
      `redis://agent:${text}@host:6379&sentinelPassword=${SENTINEL_PASSWORD}`,
      `redis://agent:%${text}%zz@host`,
    ]
    for (const url of [...from(PASSWORD), ...from(URL_PASSWORD)]) {
      const attempts: readonly (() => unknown)[] = [
        async () => await create({ url, connectTimeoutMs: 300 }).open(),
        async () => await (await connect(url, { client, connectTimeoutMs: 300 })).open(),
        async () =>
          await connect(
            `${url}${url.includes('?') ? '&' : '?'}sentinelPassword=${SENTINEL_PASSWORD}&nonsense=1`,
            { client },
          ),
      ]
      for (const attempt of attempts) expectNoSecret(url, await causeOf(attempt))
    }
    const options: readonly object[] = [
      { url: 'redis://host', password: { value: PASSWORD } },
      { url: 'redis://host', password: [PASSWORD] },
      { url: 'redis://host', username: 7, password: PASSWORD },
      { url: 'redis://host', tls: TLS_KEY },
      { url: 'redis://host', sentinelPassword: SENTINEL_PASSWORD },
      { url: { href: `redis://agent:${PASSWORD}@host` } },
      { sentinel: { name: 'm', nodes: [] }, sentinelPassword: SENTINEL_PASSWORD },
      { cluster: { nodes: [{ host: `agent:${PASSWORD}@host`, port: 0 }] } },
    ]
    for (const one of options)
      expectNoSecret(Object.keys(one).join(), await causeOf(() => create(one as never)))
  })

  test('of a client that was borrowed are not in what the driver shows', async () => {
    const [{ port }] = lab.nodes
    const wrong = { username: 'agent', password: `${PASSWORD}!` }
    const borrowed =
      client === 'ioredis'
        ? new Redis({
            ...wrong,
            port,
            lazyConnect: true,
            autoResendUnfulfilledCommands: false,
            maxRetriesPerRequest: 0,
            retryStrategy: () => null,
          })
        : createClient({ ...wrong, socket: { port, reconnectStrategy: false } })
    const driver = create({ client: borrowed as never, connectTimeoutMs: 1000 })
    expectNoSecret('the driver', driver)
    expectNoSecret('opening', await causeOf(async () => await driver.open()))
    expectNoSecret(
      'reading',
      await causeOf(async () => await new CairnSaver(driver, { timeoutMs: 500 }).getTuple(threadConfig('x'))),
    )
    await driver.close()
    if (borrowed instanceof Redis) borrowed.disconnect()
    else if (borrowed.isOpen) borrowed.destroy()
  })
})
