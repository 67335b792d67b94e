import type { LabNode } from '@cairnkit/redis-lab'
import { setTimeout as delay } from 'node:timers/promises'
import { type Failure, type FailureScene, lost, refused } from './failure.js'
import { disconnected } from './rights.js'

/** What becomes of connections. */
export const connections: readonly Failure[] = [
  {
    name: 'a connection that was lost while nothing was asked',
    provoke: async (scene) => {
      await disconnected(scene)
      return async () => {}
    },
    commit: 'ok',
    read: ['ok'],
    before: [lost, refused],
  },
  {
    name: 'a server that has as many clients as it takes',
    provoke: async (scene) => {
      await scene.node.command('CONFIG', 'SET', 'maxclients', '1')
      await disconnected(scene)
      return async () => await scene.node.command('CONFIG', 'SET', 'maxclients', '10000')
    },
    commit: refused,
    read: [refused],
    before: [lost],
  },
  {
    name: 'a server that has died',
    provoke: async ({ node }) => {
      await node.kill()
      return async () => await node.restart()
    },
    commit: refused,
    read: [refused],
    before: [lost],
  },
  {
    name: 'a server that hangs',
    provoke: async ({ node }) => {
      await node.pause()
      return async () => await node.resume()
    },
    commit: 'timeout, ambiguous',
    read: ['timeout, ambiguous'],
    timeoutMs: 300,
  },
  {
    name: 'a connection that is lost while a commit is under way',
    provoke: loseCommits,
    commit: lost,
    read: ['ok'],
    readAsWrite: [lost],
    before: [refused, lost],
  },
]

/** Commits are held back by the server, and their connections ended before it goes on. */
async function loseCommits(scene: FailureScene): Promise<() => Promise<unknown>> {
  await scene.node.command('CLIENT', 'PAUSE', '60000', 'WRITE')
  const killing = new AbortController()
  const killed = killAgainAndAgain(scene.node, scene.user.username, killing.signal)
  return async () => {
    killing.abort()
    await killed
    await scene.node.command('CLIENT', 'UNPAUSE')
  }
}

async function killAgainAndAgain(node: LabNode, username: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await delay(60)
    await node.command('CLIENT', 'KILL', 'USER', username)
  }
}
