import { withDeadline } from '@cairnkit/core/driver'
import type { RedisAddress, SocketPath } from '../options/options.js'

/** An answer to PING, whatever it is, shows that this is Redis and that the credentials are right. */
export async function greet(ping: Promise<unknown>): Promise<void> {
  try {
    await ping
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOPERM'))) throw error
  }
}

/** How much longer than a client is waited for, so that it can say what is wrong. */
const GRACE_MS = 100

/**
 * Sends a PING on each new connection, and leaves the connections without an answer: a peer that is cut off may have accepted
 * one, and each command on it would wait for its whole time. Resolves to the number that answered. Never rejects.
 */
export async function proveAlive<Node>(
  nodes: readonly Node[],
  limitMs: number,
  ping: (node: Node) => Promise<unknown>,
  leave: (node: Node) => void,
): Promise<number> {
  const answers = await Promise.all(
    nodes.map(async (node) => {
      try {
        await withDeadline(greet(ping(node)), limitMs + GRACE_MS, undefined)
        return true
      } catch {
        leave(node)
        return false
      }
    }),
  )
  return answers.filter(Boolean).length
}

/**
 * How long to wait before an attempt to connect, in milliseconds; attempts count from 1. It is short, because commands wait for
 * it. Half of it is random, so that processes that lost a server together do not come back together.
 */
export function reconnectDelayMs(attempt: number): number {
  return Math.min(attempt * 50, 200) * (0.5 + Math.random() / 2)
}

/** How long a connection may be silent while an answer is due, in milliseconds. */
export function stallTimeoutMs({ commandTimeoutMs }: { readonly commandTimeoutMs: number }): number {
  return Math.max(commandTimeoutMs, 1000)
}

/** How often a connection gets a PING: it is found to be dead after at most three times this. */
export function keepAliveMs(settings: { readonly commandTimeoutMs: number }): number {
  return stallTimeoutMs(settings) / 2
}

/** Lists addresses for messages. */
export function addressList(nodes: readonly (RedisAddress | SocketPath)[]): string {
  return nodes.map((node) => ('path' in node ? `unix:${node.path}` : `${node.host}:${node.port}`)).join(', ')
}
