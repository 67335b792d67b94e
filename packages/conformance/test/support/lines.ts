import type { Framing } from '@cairnkit/conformance/faults'

/** A protocol in which every line is a message. */
export const lines: Framing = {
  requests: () => splitLines(),
  replies: () => {
    const split = splitLines()
    return (chunk) => split(chunk).map((bytes) => ({ bytes, answers: 1 }))
  },
}

/** Gives whole lines with their ends, and keeps the rest for the next chunk. */
export function splitLines(): (chunk: Buffer) => readonly Buffer[] {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    const bytes = Buffer.concat([rest, chunk])
    const whole: Buffer[] = []
    let at = 0
    for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', at)) {
      whole.push(bytes.subarray(at, end + 1))
      at = end + 1
    }
    rest = bytes.subarray(at)
    return whole
  }
}
