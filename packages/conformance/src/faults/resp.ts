import type { Framing } from './framing.js'

const CR = 0x0d

/** Where the message that begins at `at` ends; or, as a negative number, how many bytes there must be to go on. */
type Measure = (bytes: Buffer, at: number) => number

/** The framing of RESP2 and RESP3, the protocol of Redis and Valkey. It does not support RESP2 subscriptions and MONITOR. */
export const resp: Framing = Object.freeze({
  requests: () => splitter(endOfMessage),
  replies: () => {
    const split = splitter(endOfMessage)
    // What a server pushes answers nothing.
    return (chunk: Buffer) => split(chunk).map((bytes) => ({ bytes, answers: bytes[0] === 0x3e ? 0 : 1 }))
  },
})

function splitter(measure: Measure): (chunk: Buffer) => readonly Buffer[] {
  let waiting: Buffer[] = []
  let length = 0
  let needed = 1
  return (chunk) => {
    waiting.push(chunk)
    length += chunk.length
    // A large value comes in many chunks: they are joined when it is complete, and not each time.
    if (length < needed) return []
    const bytes = waiting.length === 1 ? chunk : Buffer.concat(waiting)
    const messages: Buffer[] = []
    let at = 0
    needed = 1
    while (at < bytes.length) {
      const end = measure(bytes, at)
      if (end < 0) {
        needed = -end - at
        break
      }
      messages.push(bytes.subarray(at, end))
      at = end
    }
    waiting = at === bytes.length ? [] : [bytes.subarray(at)]
    length = bytes.length - at
    return messages
  }
}

function endOfMessage(bytes: Buffer, at: number): number {
  const lineEnd = endOfLine(bytes, at)
  if (lineEnd < 0) return lineEnd
  const type = String.fromCharCode(bytes[at] ?? 0)
  const count = Number(bytes.toString('latin1', at + 1, lineEnd - 2))
  switch (type) {
    // Bulk strings, and the errors and texts of RESP3.
    case '$':
    case '!':
    case '=': {
      if (count < 0) return lineEnd
      const end = lineEnd + count + 2
      return end <= bytes.length ? end : -end
    }
    case '*':
    case '~':
    case '>':
      return endOfMessages(bytes, lineEnd, count)
    case '%':
      return endOfMessages(bytes, lineEnd, count * 2)
    // Attributes stand before the reply that they describe.
    case '|':
      return endOfMessages(bytes, lineEnd, count * 2 + 1)
    default:
      return lineEnd
  }
}

function endOfMessages(bytes: Buffer, from: number, count: number): number {
  let at = from
  for (let index = 0; index < count; index++) {
    const end = endOfMessage(bytes, at)
    if (end < 0) return end
    at = end
  }
  return at
}

function endOfLine(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(CR, at)
  return end < 0 || end + 2 > bytes.length ? -(bytes.length + 1) : end + 2
}
