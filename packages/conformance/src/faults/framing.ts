/** A complete message from the server. */
export interface FramedReply {
  readonly bytes: Buffer
  /** How many of the requests that wait are answered by it, the oldest first; 0 for what nobody asked for. */
  readonly answers: number
}

/**
 * Finds requests and replies in the bytes of a connection. A proxy needs to know nothing else of a protocol. Each method is
 * called once for each connection. The function that it returns is called with each chunk in turn, and keeps an incomplete
 * message for the next chunk.
 */
export interface Framing {
  readonly requests: () => (chunk: Buffer) => readonly Buffer[]
  readonly replies: () => (chunk: Buffer) => readonly FramedReply[]
}

/**
 * Takes each chunk for one message. It works with every protocol, also over TLS. It is exact as long as one request at a time is
 * in flight and fits into a packet.
 */
export const chunks: Framing = Object.freeze({
  requests: () => (chunk: Buffer) => [chunk],
  replies: () => (chunk: Buffer) => [{ bytes: chunk, answers: Number.POSITIVE_INFINITY }],
})
