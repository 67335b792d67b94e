/** What came from the server, as far as it is complete. */
export interface FramedReply {
  readonly bytes: Buffer
  /** How many of the requests that wait are answered by it, the oldest first; 0 for what nobody asked for. */
  readonly answers: number
}

/**
 * Finds requests and replies in the bytes of a connection: the one thing that a proxy has to know of a protocol. Each
 * method is called once per connection, and what it gives is called with each chunk in turn; what is not complete yet
 * it keeps for the next one.
 */
export interface Framing {
  readonly requests: () => (chunk: Buffer) => readonly Buffer[]
  readonly replies: () => (chunk: Buffer) => readonly FramedReply[]
}

/**
 * Takes each chunk for one message. Works for every protocol, TLS included, and is exact as long as one request at a
 * time is on its way that fits into a packet.
 */
export const chunks: Framing = Object.freeze({
  requests: () => (chunk: Buffer) => [chunk],
  replies: () => (chunk: Buffer) => [{ bytes: chunk, answers: Number.POSITIVE_INFINITY }],
})
