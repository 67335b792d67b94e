import { Socket } from 'node:net'

/** What this process sent and received over all its sockets since it started. */
export interface SocketTotals {
  readonly sent: number
  readonly received: number
  /** How often a connection that waited for nothing was written to: sequential exchanges, however much is in each. */
  readonly trips: number
}

const open = new Set<Socket>()
let closedSent = 0
let closedReceived = 0
let trips = 0

export function socketTotals(): SocketTotals {
  let sent = closedSent
  let received = closedReceived
  for (const socket of open) {
    sent += socket.bytesWritten
    received += socket.bytesRead
  }
  return { sent, received, trips }
}

/**
 * Counts at the sockets that any client makes from now on. A relay in between would add latency, and what a server
 * says of itself includes its replicas and whoever asks.
 */
export function meterSockets(): void {
  const prototype: { connect: (this: Socket, ...args: never[]) => Socket } = Socket.prototype
  const { connect } = prototype
  prototype.connect = function (...args) {
    // Node's own connect puts the write of the prototype back, so the watch comes after it.
    const socket = connect.apply(this, args)
    watch(this)
    return socket
  }
}

function watch(socket: Socket): void {
  if (open.has(socket)) return
  open.add(socket)
  let waiting = false
  const watched: { write: (...args: never[]) => boolean; push: (...args: never[]) => boolean } = socket
  const { write, push } = watched
  watched.write = (...args) => {
    if (!waiting) trips += 1
    waiting = true
    return write.apply(socket, args)
  }
  watched.push = (...args) => {
    // Whatever comes ends the wait: the next write is a trip of its own.
    waiting = false
    return push.apply(socket, args)
  }
  socket.once('close', () => {
    open.delete(socket)
    closedSent += socket.bytesWritten
    closedReceived += socket.bytesRead
  })
}
