import type { Traffic } from '@cairnkit/redis-kernel/connections'

/** The part of a client that reads what comes. It keeps its socket to itself, so what it sends is not seen. */
interface Reading {
  _getQueue?(): { readonly decoder?: { write(chunk: Uint8Array): unknown } }
}

const known = new WeakMap<object, Traffic>()

/**
 * What has come to a client since it was first asked for: the count stays with the client, and does nothing else.
 * `undefined` for a pool or a Sentinel, which keep their clients to themselves.
 */
export function trafficOf(connection: object): Traffic | undefined {
  const counted = known.get(connection)
  if (counted !== undefined) return counted
  const decoder = (connection as Reading)._getQueue?.().decoder
  if (typeof decoder?.write !== 'function') return undefined
  const traffic = { receivedBytes: 0, sentBytes: 0, isFull: false }
  const write = decoder.write.bind(decoder)
  decoder.write = (chunk) => {
    traffic.receivedBytes += chunk.length
    return write(chunk)
  }
  known.set(connection, traffic)
  return traffic
}
