import type { StorageDriver } from '@cairnkit/core'
import { labFacts } from '@cairnkit/redis-lab'
import { type TestContext, afterAll, expect, test } from 'vitest'
import { type CellUnderTest, openCell } from '../src/cell-under-test.js'
import { type RawClient, openRawClient } from '../src/raw-client.js'

/** Replies that no call of a driver leads to, because each names one key: a client gets them, the driver judges. */
const cell = await openCell('failure-replies')
const client = await clientOf(cell)
const key = `${cell.keyPrefix}:{replies}`
afterAll(async () => {
  await client?.[Symbol.asyncDispose]()
  await cell[Symbol.asyncDispose]()
})

async function clientOf({ lab, cell: { storage } }: CellUnderTest): Promise<RawClient | undefined> {
  if (lab === undefined || storage.kind !== 'redis') return undefined
  return await openRawClient(storage.client, labFacts(lab))
}

/** What the driver makes of the error that the application's client throws. */
async function meaningOf(sent: Promise<unknown>): Promise<ReturnType<StorageDriver['classify']>> {
  const cause = await sent.then(
    (reply) => Promise.reject(new Error(`there was a reply: ${String(reply)}`)),
    (error: unknown) => error,
  )
  return cell.driver().classify(cause)
}

function clientIn(context: TestContext): RawClient {
  return client ?? context.skip('there is no server that could answer')
}

test('ERR unknown command', async (context) => {
  const sent = clientIn(context).send(key, ['NOSUCHCOMMAND', key])
  expect(await meaningOf(sent)).toEqual({ code: 'unsupported', disposition: 'permanent' })
})

test('ERR wrong number of arguments', async (context) => {
  const sent = clientIn(context).send(key, ['ZADD', key])
  expect(await meaningOf(sent)).toEqual({ code: 'unsupported', disposition: 'permanent' })
})

test('WRONGTYPE inside a script', async (context) => {
  const raw = clientIn(context)
  await raw.send(key, ['SET', key, 'text'])
  const sent = raw.send(key, ['EVAL', "return redis.call('ZCARD', KEYS[1])", '1', key])
  expect(await meaningOf(sent)).toEqual({ code: 'foreign', disposition: 'permanent' })
})

test('an error that a script makes up is unknown, and may have written', async (context) => {
  const sent = clientIn(context).send(key, ['EVAL', "return redis.error_reply('ODD reply')", '1', key])
  expect(await meaningOf(sent)).toEqual({ code: 'unknown', disposition: 'ambiguous' })
})

test('CROSSSLOT: two keys of two slots', async (context) => {
  if (cell.lab !== undefined && cell.lab.kind !== 'cluster') return context.skip('a server without slots')
  // Not MGET: a client may take it apart.
  const sent = clientIn(context).send(key, ['EVAL', 'return 1', '2', key, `${cell.keyPrefix}:{elsewhere}`])
  expect(await meaningOf(sent)).toEqual({ code: 'unsupported', disposition: 'permanent' })
})

test('TRYAGAIN: one of two keys of a slot has gone to another node', async (context) => {
  const raw = clientIn(context)
  if (cell.lab?.kind !== 'cluster') return context.skip('a server without slots')
  const { lab } = cell
  // A slot with these two alone, so that it is one of them that goes first.
  const keys = [`${cell.keyPrefix}:{again}:one`, `${cell.keyPrefix}:{again}:two`] as const
  const slot = lab.slotOf(keys[0])
  const owner = await lab.primaryOf(slot)
  const other = (await lab.primaries()).find(({ name }) => name !== owner.name)
  if (other === undefined) throw new Error('there is one primary only')
  for (const each of keys) await raw.send(each, ['SET', each, 'x'])
  const meanings: unknown[] = []
  const onHalfMoved = async (): Promise<void> => {
    meanings.push(await meaningOf(raw.send(keys[0], ['MGET', ...keys])))
  }
  await lab.moveSlot(slot, other, { onHalfMoved, batchSize: 1 })
  await lab.moveSlot(slot, owner)
  expect(meanings).toEqual([{ code: 'unavailable', disposition: 'transient' }])
})
