import { Keyspace, type StorageObserver } from '@cairnkit/core'
import { createIoredisDriver } from '@cairnkit/ioredis'
import { CairnSaver, type CairnSaverOptions } from '@cairnkit/langgraph'
import { createNodeRedisDriver } from '@cairnkit/node-redis'
import { type Lab, startLab } from '@cairnkit/redis-lab'
import { HumanMessage } from '@langchain/core/messages'
import { Annotation, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { addressOf } from '../src/address-of.js'
import { threadConfig } from '../src/graphs.js'
import { Ears } from './security/ears.js'
import { Spies, everyTextOf } from './security/spies.js'

/** What is stored. With letters that JSON and patterns treat in their own ways. */
const VALUE = 'the-customer-said "77aa" \\ é😀'
/** The part of it that looks the same everywhere. */
const MARK = 'the-customer-said'
const THREAD = 'thread-of-the-customer'

/** As text, and as bytes that somebody printed. */
const forms = (text: string): readonly string[] => [
  text,
  Buffer.from(text).toString('hex'),
  Buffer.from(text).toString('base64').slice(0, -4),
  [...Buffer.from(text)].join(','),
  Buffer.from(text)
    .toString('hex')
    .replace(/..(?=.)/g, '$& '),
]

const NO_CLIENT = 'this storage has no client that others could listen to'
const NOWHERE = { client: 'ioredis', topology: 'standalone' } as const

const cell = await openCell('values')
afterAll(async () => await cell[Symbol.asyncDispose]())
const { storage } = cell.cell

const State = Annotation.Root({ ...MessagesAnnotation.spec, note: Annotation<unknown> })

/** A run that holds `VALUE` in a message, its id and its fields, in the state, in the metadata, and in an interrupt. */
async function talk(saver: CairnSaver, threadId: string): Promise<void> {
  const graph = new StateGraph(State)
    .addNode('answer', () => ({ messages: { role: 'ai', content: VALUE }, note: { [VALUE]: [VALUE] } }))
    .addEdge(START, 'answer')
    .compile({ checkpointer: saver })
  const said = new HumanMessage({ id: VALUE, content: VALUE, additional_kwargs: { note: VALUE } })
  const config = { ...threadConfig(threadId), metadata: { note: VALUE } }
  await graph.invoke({ messages: [said] }, config)
  await graph.getState(threadConfig(threadId))
  for await (const _ of graph.getStateHistory(threadConfig(threadId)));
}

async function causeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work()
  } catch (cause) {
    return cause
  }
  return expect.unreachable('it did not fail')
}

function expectNone(what: string, seen: readonly string[], wanted: readonly string[]): void {
  const found = seen.filter((line) => wanted.some((form) => line.includes(form)))
  expect(found.map((line) => `${what}: ${line.slice(0, 2000)}`)).toEqual([])
}

/** The channels of both clients give a reply to whoever asks for it there: as bytes, never as text. */
function expectNoneSpied(seen: readonly string[]): void {
  const isReply = (line: string): boolean => /^\S+:(?:asyncStart|asyncEnd) /.test(line)
  expectNone(
    'a span or a channel',
    seen.filter((line) => !isReply(line)),
    [MARK, THREAD].flatMap(forms),
  )
  expectNone('a reply in a channel', seen.filter(isReply), [MARK, THREAD])
}

describe('what is stored', () => {
  const { client, topology } = storage.kind === 'redis' ? storage : NOWHERE
  const create = client === 'ioredis' ? createIoredisDriver : createNodeRedisDriver
  let lab: Lab
  let ears: Ears
  let spies: Spies

  beforeAll(async () => {
    if (storage.kind === 'redis') lab = await startLab(topology)
  })
  afterAll(async () => {
    if (storage.kind === 'redis') await lab.stop()
  })
  beforeEach((context) => {
    if (storage.kind !== 'redis') context.skip(NO_CLIENT)
    ears = Ears.open()
    spies = Spies.open()
    return () => {
      // What was found before says more.
      spies.close()
      ears.close()
    }
  })

  const target = (): Parameters<typeof createIoredisDriver>[0] &
    Parameters<typeof createNodeRedisDriver>[0] => {
    switch (lab.kind) {
      case 'standalone':
        return { url: lab.url }
      case 'standalone-tls':
        return {
          url: `rediss://localhost:${lab.nodes[0].port}`,
          username: lab.username,
          password: lab.password,
          tls: { ca: lab.ca },
        }
      case 'sentinel':
        return { sentinel: { name: lab.name, nodes: lab.sentinels.map(addressOf) } }
      case 'cluster':
        return { cluster: { nodes: lab.nodes.map(addressOf) } }
    }
  }
  const onAll = async (...command: string[]): Promise<void> => {
    for (const node of await lab.primaries()) await node.command(...command)
  }
  const heard: unknown[] = []
  const observer: NonNullable<CairnSaverOptions['observer']> & StorageObserver = {
    onCall: (event) => heard.push(event),
    onRetry: (event) => heard.push(event),
    onHealed: (event) => heard.push(event),
  }

  test('is in no span, no channel and no output while commits and reads go on', async () => {
    await using driver = create(target())
    await talk(new CairnSaver(driver, { observer }), THREAD)
    await new CairnSaver(driver).getTuple(threadConfig(THREAD))
    await new CairnSaver(driver, { healing: 'thread' }).deleteThread(THREAD)
    const seen = spies.close()
    // Something was seen, and it says how much was sent.
    expect(seen.filter((line) => /^span evalsha .*\[\d+ bytes\]/i.test(line)).length).toBeGreaterThan(3)
    expect(seen.filter((line) => line.startsWith(`${client}:command:`)).length).toBeGreaterThan(3)
    expectNoneSpied(seen)
    expectNone('an output', ears.close(), [MARK, THREAD])
    expectNone('an event', heard.map(everyTextOf), [MARK])
  })

  test('is in no error, span, channel or output when commands fail', async () => {
    await using driver = create(target())
    const saver = new CairnSaver(driver, { observer, timeoutMs: 1500 })
    await talk(saver, THREAD)
    const partition = new Keyspace(driver, ['thread']).partition(THREAD).id
    const bytes = Buffer.from(VALUE)
    const failures: unknown[] = []
    const failing = async (): Promise<void> => {
      failures.push(await causeOf(async () => await talk(saver, THREAD)))
      // Without the keyspace around it: the error of the client, on which it hangs the arguments of the command.
      failures.push(
        await causeOf(
          async () => await driver.commit(partition, { mutations: [{ type: 'put', key: [VALUE], bytes }] }),
        ),
      )
    }
    await onAll('CONFIG', 'SET', 'maxmemory', '1')
    await failing()
    await onAll('CONFIG', 'SET', 'maxmemory', '0')
    const [refuse, accept]: readonly [string[], string[]] =
      topology === 'standalone'
        ? [
            ['REPLICAOF', '127.0.0.1', '1'],
            ['REPLICAOF', 'NO', 'ONE'],
          ] // READONLY
        : [
            ['CONFIG', 'SET', 'min-replicas-to-write', '9'],
            ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
          ] // NOREPLICAS
    await onAll(...refuse)
    await failing()
    await onAll(...accept)
    await onAll('FLUSHALL')
    const key = `cairn:{${partition}}`
    const owner = lab.kind === 'cluster' ? await lab.primaryOf(lab.slotOf(key)) : (await lab.primaries())[0]
    await owner?.command('SET', key, 'text')
    await failing()
    await owner?.command('DEL', key)
    await driver.close()
    await failing()
    expect(failures).toHaveLength(8)
    expectNone('an error', failures.map(everyTextOf), forms(MARK))
    expectNoneSpied(spies.close())
    expectNone('an output', ears.close(), [MARK, THREAD])
    expectNone('an event', heard.map(everyTextOf), [MARK])
  })
})
