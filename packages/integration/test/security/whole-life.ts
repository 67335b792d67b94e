import { Keyspace, type StorageDriver } from '@cairnkit/core'
import { objectId } from '@cairnkit/core/driver'
import { CairnSaver } from '@cairnkit/langgraph'
import { HumanMessage } from '@langchain/core/messages'
import type { Lab } from '@cairnkit/redis-lab'
import { chatGraph, human, threadConfig } from '../../src/graphs.js'

/** What a commit can wait for. */
export type Wait = 'replicas' | 'disks'

/** What is asked of a server that not every server can do. */
interface Extent {
  /** What its commits wait for. */
  readonly waits: readonly Wait[]
  /** Whether slots of a Cluster move meanwhile. */
  readonly moves: boolean
}

/** Everything that a driver is ever asked for, scripts that a server has forgotten and moving slots among it. */
export async function wholeLife(
  driver: StorageDriver,
  lab: Lab,
  keyPrefix: string,
  { waits, moves }: Extent,
): Promise<void> {
  const flush = async (): Promise<void> => {
    for (const node of await lab.primaries()) await node.command('SCRIPT', 'FLUSH')
  }
  await flush()
  await driver.open()
  const saver = new CairnSaver(driver)
  const config = threadConfig('a whole life')
  await chatGraph(saver).invoke(human('hello'), config)
  // More than one script gathers: read in parts.
  await chatGraph(saver).invoke({ messages: [new HumanMessage('part '.repeat(130_000))] }, config)
  await flush()
  await new CairnSaver(driver).getTuple(config)
  for await (const _ of saver.list({})) break
  await records(driver, flush, waits)
  if (moves && lab.kind === 'cluster') await onTheMove(driver, lab, keyPrefix)
  await saver.deleteThread('a whole life')
}

/** What the saver has no use for yet. */
async function records(
  driver: StorageDriver,
  flush: () => Promise<void>,
  waits: readonly Wait[],
): Promise<void> {
  const partition = new Keyspace(driver, ['other']).partition('records')
  const bytes = Buffer.from('value')
  const id = objectId(bytes)
  await flush()
  await partition.commit({
    mutations: [
      { type: 'object', id, bytes },
      { type: 'put', key: ['a'], bytes, refs: [id] },
      { type: 'put', key: ['b'], bytes },
      { type: 'expire', ttlMs: 60_000 },
    ],
  })
  await partition.commit({ mutations: [{ type: 'put', key: ['a'], bytes: Buffer.from('new') }] })
  await partition.commit({
    mutations: [{ type: 'delete', key: ['b'] }, { type: 'sweep' }, { type: 'expire', ttlMs: null }],
  })
  await partition.commit({
    mutations: [
      { type: 'put', key: ['d'], bytes: Buffer.from('60000') },
      { type: 'expire', ttlMs: 'unchanged', decidedBy: [['d']], ifNone: true },
    ],
  })
  await partition.read([
    { type: 'info' },
    { type: 'names', prefix: [] },
    { type: 'count', prefix: [] },
    { type: 'time' },
  ])
  for (const wait of waits) {
    const fsync = wait === 'disks'
    const durability = { replicas: 1, timeoutMs: 5, onTimeout: 'warn', fsync } as const
    await partition.commit({ mutations: [{ type: 'put', key: ['c'], bytes }] }, { durability })
  }
  await partition.drop()
}

/** Calls while the slot of their key is on the move, and its key at the new place already. */
async function onTheMove(
  driver: StorageDriver,
  lab: Extract<Lab, { readonly kind: 'cluster' }>,
  keyPrefix: string,
): Promise<void> {
  const partition = new Keyspace(driver, ['other'], { timeoutMs: 1500 }).partition('moving')
  await partition.commit({ mutations: [{ type: 'put', key: ['a'], bytes: Buffer.from('v') }] })
  const slot = lab.slotOf(`${keyPrefix}:{${partition.id}}`)
  const owner = await lab.primaryOf(slot)
  const target = (await lab.primaries()).find(({ name }) => name !== owner.name)
  if (target === undefined) throw new Error('There is one primary only')
  const failures: unknown[] = []
  await lab.moveSlot(slot, target, {
    onStep: async ({ phase }) => {
      if (phase !== 'emptied') return
      try {
        await partition.read([{ type: 'get', key: ['a'] }])
        await partition.commit({ mutations: [{ type: 'put', key: ['a'], bytes: Buffer.from('w') }] })
      } catch (cause) {
        failures.push(cause)
      }
    },
  })
  for (const failure of failures) throw failure instanceof Error ? failure : new Error(String(failure))
  await partition.drop()
}
