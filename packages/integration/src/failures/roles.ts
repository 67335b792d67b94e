import type { LabNode } from '@cairnkit/redis-lab'
import { type Failure, type FailureScene, lost, refused } from './failure.js'

const redirects = 'a node of a Cluster sends the client to the primary instead'

/** What a server says that is a replica, or became one under its clients. */
export const roles: readonly Failure[] = [
  {
    name: 'READONLY: the primary was demoted',
    impossible: { cluster: redirects },
    provoke: async ({ node }) => await demoted(node),
    commit: 'read-only, transient',
    // A client turns away from a server that is no primary, and looks whether its name leads to another one.
    read: ['ok', refused, 'read-only, transient'],
    before: [refused, lost],
  },
  {
    name: 'MASTERDOWN: a replica without a primary that shows nothing old',
    impossible: { cluster: redirects },
    provoke: async ({ node }) => {
      await node.command('CONFIG', 'SET', 'replica-serve-stale-data', 'no')
      const promote = await demoted(node)
      return async () => {
        await promote()
        await node.command('CONFIG', 'SET', 'replica-serve-stale-data', 'yes')
      }
    },
    commit: refused,
    read: [refused],
  },
]

async function demoted(node: LabNode): Promise<() => Promise<unknown>> {
  // Nobody listens there.
  await node.command('REPLICAOF', '127.0.0.1', '1')
  return async () => await node.command('REPLICAOF', 'NO', 'ONE')
}

const noSlots = 'a server without slots'

/** What nodes of a Cluster say of slots. */
export const slots: readonly Failure[] = [
  {
    name: 'CLUSTERDOWN: a slot is served by nobody',
    impossible: outside(noSlots),
    provoke: async (scene) => {
      // Its neighbour: the slot under test stays known, and a node that misses one serves none.
      const slot = String((slotOf(scene) + 1) % 16_384)
      await scene.node.command('CLUSTER', 'DELSLOTS', slot)
      return async () => {
        await scene.node.command('CLUSTER', 'ADDSLOTS', slot)
        await scene.lab.ready()
      }
    },
    commit: refused,
    read: [refused],
  },
  {
    name: 'MOVED: the slot has gone to another node',
    impossible: outside(noSlots),
    provoke: async (scene) => {
      await move(scene, await otherPrimary(scene))
      return async () => await move(scene, scene.node)
    },
    commit: 'ok',
    read: ['ok'],
  },
  {
    name: 'ASK: the key has gone, and the slot has not yet',
    impossible: outside(noSlots),
    provoke: async (scene) => {
      const { lab } = scene
      if (lab.kind !== 'cluster') throw new Error('no cluster')
      let emptied = (): void => {}
      let goOn = (): void => {}
      const isEmptied = new Promise<void>((resolve) => (emptied = resolve))
      const mayGoOn = new Promise<void>((resolve) => (goOn = resolve))
      const moving = lab.moveSlot(slotOf(scene), await otherPrimary(scene), {
        onStep: async ({ phase }) => {
          if (phase !== 'emptied') return
          emptied()
          await mayGoOn
        },
      })
      await isEmptied
      return async () => {
        goOn()
        await moving
        await move(scene, scene.node)
      }
    },
    commit: 'ok',
    read: ['ok'],
  },
]

function slotOf({ lab, keys }: FailureScene): number {
  if (lab.kind !== 'cluster') throw new Error('no cluster')
  return lab.slotOf(keys[0])
}

async function otherPrimary({ lab, node }: FailureScene): Promise<LabNode> {
  const other = (await lab.primaries()).find(({ name }) => name !== node.name)
  if (other === undefined) throw new Error('there is one primary only')
  return other
}

async function move(scene: FailureScene, to: LabNode): Promise<void> {
  if (scene.lab.kind !== 'cluster') throw new Error('no cluster')
  await scene.lab.moveSlot(slotOf(scene), to)
}

function outside(reason: string): NonNullable<Failure['impossible']> {
  return { standalone: reason, 'standalone-tls': reason, sentinel: reason }
}
