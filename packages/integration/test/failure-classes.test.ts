import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type Claim, Journal, untilItWorks } from '@cairnkit/conformance/faults'
import {
  type Classification,
  Keyspace,
  type Partition,
  type RetryEvent,
  type StorageDriver,
} from '@cairnkit/core'
import { DriverFault } from '@cairnkit/core/driver'
import { type Lab, type LabNode, attachLab, labFacts, startLab } from '@cairnkit/redis-lab'
import { type TestContext, afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Failure, Outcome } from '../src/failures/failure.js'
import { failures } from '../src/failures/index.js'
import { allowEverything } from '../src/failures/rights.js'
import { knownTo } from '../src/known-to.js'
import { primaryOfKey } from '../src/primary-of-key.js'
import { type RedisStorage, redisDriver } from '../src/redis-driver.js'

const { storage } = inject('cell')
const user = { username: 'app', password: 'app-password' }
const keyPrefix = 'cairn-failures'
/** How long a client may take to find out. */
const FINDING_OUT_MS = 40_000

let lab: Lab | undefined
let second: Lab | undefined

beforeAll(async () => {
  if (storage.kind !== 'redis') return
  lab = await startLab(storage.topology, { appendOnly: true })
  second = attachLab(labFacts(lab))
  for (const node of lab.nodes) {
    await allowEverything(node, user)
    // A server that is restarted is to know its users.
    await node.command(
      ...(lab.kind === 'standalone-tls' ? (['ACL', 'SAVE'] as const) : (['CONFIG', 'REWRITE'] as const)),
    )
  }
})

afterAll(async () => {
  await second?.stop()
  await lab?.stop()
})

describe('a driver when its server fails', () => {
  for (const failure of failures) {
    test(failure.name, async (context) => {
      const running = runningLab(context, failure)
      if (running === undefined) return
      const way = failure.anonymous === true ? {} : { credentials: user }
      await using driver = redisDriver(running.storage, labFacts(running.lab), keyPrefix, way)
      await expectClasses(failure, running.lab, driver)
    })
  }
})

test('a value that is larger than one argument may be is stored all the same: it travels in parts', async (context) => {
  if (storage.kind !== 'redis' || lab === undefined)
    return context.skip('there is no server that could refuse')
  await using driver = redisDriver(storage, labFacts(lab), keyPrefix, { credentials: user })
  const partition = new Keyspace(driver, ['large']).partition(crypto.randomUUID())
  const bytes = randomBytes(2 * 1024 * 1024)
  const id = '0'.repeat(32)
  const limited = async (most: string): Promise<void> => {
    for (const node of lab?.nodes ?? []) await node.command('CONFIG', 'SET', 'proto-max-bulk-len', most)
  }
  // The least that a server can be told.
  await limited('1048576')
  try {
    const put = { type: 'put', key: ['a'], bytes, refs: [id] } as const
    expect(
      await partition.commit({ mutations: [{ type: 'object', id, bytes, refs: [] }, put] }),
    ).toMatchObject({ ok: true })
    const [found] = await partition.read([{ type: 'get', key: ['a'], follow: 'all' }])
    const stored = found?.type === 'get' ? [found.record?.bytes, found.objects.get(id)?.bytes] : []
    expect(stored.map((each) => each !== undefined && bytes.equals(each))).toEqual([true, true])
  } finally {
    await limited('536870912')
  }
})

async function expectClasses(failure: Failure, running: Lab, driver: StorageDriver): Promise<void> {
  const raw = Journal.ofDriver(driver)
  const node = await primaryOfKey(running, keyOf(raw.id))
  const retries: RetryEvent[] = []
  const keyspace = new Keyspace(driver, ['kept'], { observer: { onRetry: (event) => retries.push(event) } })
  const kept = Journal.ofPartition(await partitionOn(running, node, keyspace))
  expect([await raw.append(), await kept.append()]).toEqual(['applied', 'applied'])

  let waiting: Promise<Claim> = Promise.resolve('applied')
  const end = await failure.provoke({
    lab: running,
    node,
    second: sameNode(node),
    keys: [keyOf(raw.id), keyOf(kept.id)],
    user,
  })
  try {
    const { timeoutMs } = failure
    const options = timeoutMs === undefined ? {} : { timeoutMs }
    let noted = 0
    await comesTo(failure, [failure.commit], async () => said(await raw.note(String(noted++), options), raw))
    await comesTo(failure, await readOutcomes(failure, running), async () => {
      const counting = driver.read(raw.id, [{ type: 'count', prefix: ['log'] }], options)
      return await counting.then(
        ([result]) => {
          expect(result).toEqual({ type: 'count', count: 1 })
          return 'ok'
        },
        (cause: unknown) => outcomeOf(DriverFault.isInstance(cause) ? cause : driver.classify(cause)),
      )
    })
    retries.length = 0
    const outcome = said(await kept.append({ timeoutMs: timeoutMs ?? 1000 }), kept)
    const isTransient = failure.commit.endsWith('transient')
    // What is transient is tried until the time of the call is up. If that is while a server or a client takes its time over an
    // attempt, its effect is not known.
    const cutShort: Outcome[] = isTransient || failure.before !== undefined ? ['timeout, ambiguous'] : []
    expect([failure.commit, ...cutShort, ...(failure.before ?? [])]).toContain(outcome)
    // Of what is not transient, nothing is tried again that must not be applied twice.
    const isRight = outcome !== failure.commit || retries.length > 0 === isTransient
    expect(isRight, `${retries.length} retries of ${outcome}`).toBe(true)
    if (isTransient) waiting = kept.note('waits', { timeoutMs: 20_000 })
  } finally {
    await end()
  }
  // What passes within the time of a call is not seen by its caller.
  expect(await waiting).toBe('applied')
  for (const journal of [raw, kept]) {
    await journal.settle()
    await untilItWorks(async () => expect(await journal.note(crypto.randomUUID())).toBe('applied'))
    expect(await journal.append()).toBe('applied')
    await journal.settle()
  }
}

async function readOutcomes({ read, readAsWrite }: Failure, { nodes }: Lab): Promise<readonly Outcome[]> {
  if (readAsWrite === undefined) return read
  const isReadOnly = (await knownTo(nodes[0], ['evalsha_ro'])).length > 0
  return isReadOnly ? read : readAsWrite
}

function runningLab(
  context: TestContext,
  failure: Failure,
): { readonly lab: Lab; readonly storage: RedisStorage } | undefined {
  if (storage.kind !== 'redis' || lab === undefined) return context.skip('there is no server that could fail')
  const reason = failure.impossible?.[storage.topology]
  return reason === undefined ? { lab, storage } : context.skip(reason)
}

function keyOf(partition: string): string {
  return `${keyPrefix}:{${partition}}`
}

function sameNode(node: LabNode): LabNode {
  const found = second?.nodes.find(({ name }) => name === node.name)
  if (found === undefined) throw new Error(`there is no second connection to ${node.name}`)
  return found
}

async function partitionOn(running: Lab, node: LabNode, keyspace: Keyspace): Promise<Partition> {
  for (;;) {
    const partition = keyspace.partition(crypto.randomUUID())
    if ((await primaryOfKey(running, keyOf(partition.id))).name === node.name) return partition
  }
}

/** Makes calls until they come to what is expected; before that they may only come to what is expected before. */
async function comesTo(
  failure: Failure,
  expected: readonly Outcome[],
  call: () => Promise<Outcome>,
): Promise<void> {
  const startedAt = performance.now()
  for (;;) {
    const outcome = await call()
    if (expected.includes(outcome)) return
    const inTime = performance.now() - startedAt < FINDING_OUT_MS
    expect([...expected, ...(inTime ? (failure.before ?? []) : [])]).toContain(outcome)
    await delay(20)
  }
}

function said(claim: Claim, { lastFailure }: Journal): Outcome {
  if (claim === 'applied') return 'ok'
  if (lastFailure === undefined) throw new Error('nothing has failed')
  return outcomeOf(lastFailure)
}

function outcomeOf({ code, disposition }: Classification): Outcome {
  return `${code}, ${disposition}`
}
