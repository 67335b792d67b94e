import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type LabNode, RedisReplyError, waitFor } from '@cairnkit/redis-lab'
import { type Failure, type FailureScene, lost, refused } from './failure.js'

/** What a server says of itself when it cannot serve. */
export const serverState: readonly Failure[] = [
  {
    name: 'OOM: the server has used up its memory',
    provoke: ({ node }) => configured(node, 'maxmemory', '1', '0'),
    commit: 'full, permanent',
    read: ['ok'],
  },
  {
    name: 'MISCONF: the server cannot write its snapshot',
    provoke: failSnapshots,
    commit: 'full, permanent',
    read: ['ok'],
  },
  {
    name: 'NOREPLICAS: too few replicas follow',
    provoke: ({ node }) => configured(node, 'min-replicas-to-write', '9', '0'),
    commit: refused,
    read: ['ok'],
  },
  {
    name: 'BUSY: a script of somebody does not end',
    provoke: runAway,
    commit: refused,
    read: [refused],
  },
  {
    name: 'LOADING: the server was restarted and reads its data',
    provoke: restartSlowly,
    commit: refused,
    read: [refused],
    // It looks up from its work now and then only.
    before: [lost, 'timeout, ambiguous'],
  },
]

async function configured(
  node: LabNode,
  name: string,
  value: string,
  restored: string,
): Promise<() => Promise<unknown>> {
  await node.command('CONFIG', 'SET', name, value)
  return async () => await node.command('CONFIG', 'SET', name, restored)
}

/** A folder stands where the snapshot would be put: not even root can put a file there. */
async function failSnapshots({ lab, node }: FailureScene): Promise<() => Promise<unknown>> {
  const obstacle = join(lab.directory, node.name, 'dump.rdb', 'obstacle')
  await rm(join(lab.directory, node.name, 'dump.rdb'), { recursive: true, force: true })
  await mkdir(obstacle, { recursive: true })
  await node.command('CONFIG', 'SET', 'save', '3600 1000000')
  const snapshot = async (status: 'ok' | 'err'): Promise<void> => {
    await node.command('BGSAVE')
    await waitFor(`the snapshot ends: ${status}`, async () => {
      const info = String(await node.command('INFO', 'persistence'))
      const ended =
        info.includes('rdb_bgsave_in_progress:0') && info.includes(`rdb_last_bgsave_status:${status}`)
      return ended || undefined
    })
  }
  await snapshot('err')
  return async () => {
    await rm(join(lab.directory, node.name, 'dump.rdb'), { recursive: true })
    await snapshot('ok')
    await node.command('CONFIG', 'SET', 'save', '')
  }
}

async function runAway({ node, second }: FailureScene): Promise<() => Promise<unknown>> {
  await node.command('CONFIG', 'SET', 'lua-time-limit', '10')
  const killed = second.command('EVAL', 'while true do end', '0').catch((cause: unknown) => cause)
  await untilItSays(node, 'BUSY')
  return async () => {
    await node.command('SCRIPT', 'KILL')
    await killed
  }
}

/** How many keys there are to load, and how long each takes. */
const KEYS = 20_000
const MICROSECONDS_EACH = 20

async function restartSlowly({ node }: FailureScene): Promise<() => Promise<unknown>> {
  const fill = `for i = 1, ${KEYS} do redis.call('SET', KEYS[1] .. i, 'x') end`
  // A tag keeps all the keys with this server; it owns the slot that it is asked to use.
  await node.command('EVAL', fill, '1', await someKeyOf(node))
  const slow = async (microseconds: number): Promise<void> => {
    await node.command('CONFIG', 'SET', 'key-load-delay', String(microseconds))
  }
  await slow(MICROSECONDS_EACH)
  await node.command('CONFIG', 'REWRITE')
  const restarted = node.restart()
  await untilItSays(node, 'LOADING')
  return async () => {
    await restarted
    await slow(0)
    await node.command('CONFIG', 'REWRITE')
  }
}

/** A prefix of keys that this server owns. */
async function someKeyOf(node: LabNode): Promise<string> {
  for (let tag = 0; ; tag++) {
    const key = `other:{${tag}}:`
    try {
      await node.command('EXISTS', key)
      return key
    } catch (cause) {
      if (!(cause instanceof RedisReplyError && cause.code === 'MOVED')) throw cause
    }
  }
}

async function untilItSays(node: LabNode, code: string): Promise<void> {
  await waitFor(`${node.name} says ${code}`, async () => {
    try {
      await node.command('PING')
      return undefined
    } catch (cause) {
      return (cause instanceof RedisReplyError && cause.code === code) || undefined
    }
  })
}
