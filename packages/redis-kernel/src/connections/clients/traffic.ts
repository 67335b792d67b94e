import type { Socket } from 'node:net'

/** What has moved on a connection, as far as its client shows it. Read anew each time; it begins anew with another socket. */
export interface Traffic {
  /** What has come. */
  readonly receivedBytes: number
  /** What the network has taken. */
  readonly sentBytes: number
  /** Whether something waits for the network to take it. */
  readonly isFull: boolean
}

/** The part of a socket's handle that tells what has left it, and not only what it was given. Node uses it for its own idle timer. */
interface Handle {
  readonly bytesWritten?: number
  readonly writeQueueSize?: number
}

/** The traffic of the socket that a client has now. */
export function socketTraffic(socketOf: () => Socket | undefined): Traffic {
  return {
    get receivedBytes() {
      return socketOf()?.bytesRead ?? 0
    },
    get sentBytes() {
      const socket = socketOf()
      if (socket === undefined) return 0
      const { bytesWritten, writeQueueSize } = handleOf(socket)
      // Without it, a write counts when the whole of it has left.
      if (bytesWritten === undefined || writeQueueSize === undefined)
        return socket.bytesWritten - socket.writableLength
      return bytesWritten - writeQueueSize
    },
    get isFull() {
      const socket = socketOf()
      if (socket === undefined) return false
      // What a client holds back until the end of the turn does not wait for the network.
      return (handleOf(socket).writeQueueSize ?? (socket.writableCorked > 0 ? 0 : socket.writableLength)) > 0
    },
  }
}

function handleOf(socket: Socket): Handle {
  return (socket as { readonly _handle?: Handle | null })._handle ?? {}
}

/** How much has come on some connections together. */
export function receivedBytes(connections: readonly (Traffic | undefined)[]): number {
  return connections.reduce((sum, traffic) => sum + (traffic?.receivedBytes ?? 0), 0)
}
