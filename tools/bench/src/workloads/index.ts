import { agent } from './agent.js'
import { chat, firstChat } from './chat.js'
import { deltaChat } from './delta-chat.js'
import { fanOut } from './fan-out.js'
import { forks } from './forks.js'
import { warmReads } from './reads.js'
import { threads } from './threads.js'
import type { Workload } from './workload.js'

const FLOOR = 'does-nothing'
/** Whom the budgets are about. */
export const CAIRN_ON_REDIS: readonly string[] = ['cairn-ioredis', 'cairn-node-redis']
/** Enough to see where a quick run stands. */
const MAIN = [FLOOR, 'memory-saver', ...CAIRN_ON_REDIS]
const ON_CLUSTER = CAIRN_ON_REDIS.map((saver) => `${saver}-cluster`)

export const workloads: readonly Workload[] = [
  chat({
    id: 'chat-500',
    title: 'chat, 200 turns, messages of 500 B',
    bytes: 500,
    quickSavers: [...MAIN, 'postgres-saver', ...ON_CLUSTER],
    quickSettlingMs: 3000,
  }),
  chat({
    id: 'chat-2k',
    title: 'chat, 200 turns, messages of 2 KB',
    bytes: 2000,
    quickSavers: [FLOOR, ...CAIRN_ON_REDIS],
  }),
  firstChat({
    id: 'chat-500-new',
    title: 'chat, 200 turns, messages of 500 B, in a process that has just started',
    bytes: 500,
    quickSavers: [],
  }),
  { ...agent, quickSavers: MAIN },
  { ...threads, quickSavers: MAIN },
  { ...fanOut, quickSavers: MAIN },
  { ...deltaChat, quickSavers: MAIN },
  { ...forks, quickSavers: MAIN },
  warmReads({
    id: 'warm-read',
    title: 'warm getTuple of a 400-message thread',
    messages: 400,
    turns: { full: 200, quick: 50 },
    quickSavers: CAIRN_ON_REDIS,
  }),
  warmReads({
    id: 'latest-read',
    title: 'latest read of a 20-message thread, alone and among 1,000,000 other keys',
    messages: 20,
    turns: { full: 1000, quick: 300 },
    quickSavers: CAIRN_ON_REDIS,
    crowded: true,
    leastRounds: 8,
  }),
]

export function workloadOf(id: string): Workload {
  const workload = workloads.find((each) => each.id === id)
  if (workload === undefined) throw new TypeError(`No workload is named ${JSON.stringify(id)}`)
  return workload
}
