import { agent } from './agent.js'
import { chat } from './chat.js'
import { deltaChat } from './delta-chat.js'
import { fanOut } from './fan-out.js'
import { forks } from './forks.js'
import { warmReads } from './reads.js'
import { threads } from './threads.js'
import type { Workload } from './workload.js'

export const workloads: readonly Workload[] = [
  chat('chat-500', 'chat, 200 turns, messages of 500 B', 500, 200),
  chat('chat-2k', 'chat, 200 turns, messages of 2 KB', 2000, 200),
  agent,
  threads,
  fanOut,
  deltaChat,
  forks,
  warmReads({
    id: 'warm-read',
    title: 'warm getTuple of a 400-message thread',
    messages: 400,
    turns: { full: 200, quick: 50 },
  }),
  warmReads({
    id: 'latest-read',
    title: 'latest read of a 20-message thread, no other keys',
    messages: 20,
    turns: { full: 1000, quick: 300 },
  }),
  warmReads({
    id: 'latest-read-crowded',
    title: 'latest read of a 20-message thread among 1,000,000 other keys',
    messages: 20,
    turns: { full: 1000, quick: 300 },
    otherKeys: 1_000_000,
  }),
]

export function workloadOf(id: string): Workload {
  const workload = workloads.find((each) => each.id === id)
  if (workload === undefined) throw new TypeError(`No workload is named ${JSON.stringify(id)}`)
  return workload
}
