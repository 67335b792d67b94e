/** One argument of a command: text is sent as UTF-8, bytes are sent as they are. */
export type CommandArgument = string | Uint8Array

/** A RESP2 reply with bulk strings as the bytes they are. */
export type Reply = string | number | Buffer | null | RedisReplyError | Reply[]

/** What the server answered with `-CODE message`. */
export class RedisReplyError extends Error {
  override readonly name = 'RedisReplyError'
  /** The first word of the message: `MOVED`, `NOPERM`, `ERR`. */
  readonly code: string

  constructor(message: string) {
    super(message)
    this.code = message.split(' ', 1)[0] ?? ''
  }
}

export function encodeCommand(args: readonly CommandArgument[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`*${args.length}\r\n`)]
  for (const arg of args) {
    const bytes = typeof arg === 'string' ? Buffer.from(arg) : Buffer.from(arg)
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, CRLF)
  }
  return Buffer.concat(parts)
}

/** Turns the bytes of a connection into replies, whatever the chunks they arrive in. */
export class ReplyParser {
  #chunks: Buffer[] = []
  #length = 0
  #needed = 0
  #buffer: Buffer = Buffer.alloc(0)
  #offset = 0

  push(chunk: Buffer): Reply[] {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    // A large value comes in many chunks: joining them on each arrival would copy it a hundred times over.
    if (this.#length < this.#needed) return []
    this.#buffer = Buffer.concat(this.#chunks)
    const replies: Reply[] = []
    let consumed = 0
    for (;;) {
      this.#offset = consumed
      this.#needed = 0
      const reply = this.#parse()
      if (reply === INCOMPLETE) break
      replies.push(reply)
      consumed = this.#offset
    }
    const rest = this.#buffer.subarray(consumed)
    this.#chunks = rest.length === 0 ? [] : [rest]
    this.#length = rest.length
    this.#needed = Math.max(0, this.#needed - consumed)
    return replies
  }

  #parse(): Reply | typeof INCOMPLETE {
    const end = this.#buffer.indexOf(CRLF, this.#offset)
    if (end === -1) return INCOMPLETE
    const type = String.fromCharCode(this.#buffer[this.#offset] ?? 0)
    const line = this.#buffer.toString('utf8', this.#offset + 1, end)
    this.#offset = end + 2
    switch (type) {
      case '+':
        return line
      case '-':
        return new RedisReplyError(line)
      case ':':
        return Number(line)
      case '$':
        return this.#parseBulk(Number(line))
      case '*':
        return this.#parseArray(Number(line))
      default:
        throw new Error(`Not a RESP2 reply: it starts with ${JSON.stringify(type + line.slice(0, 40))}`)
    }
  }

  #parseBulk(length: number): Reply | typeof INCOMPLETE {
    if (length < 0) return null
    const end = this.#offset + length
    if (this.#buffer.length < end + 2) {
      this.#needed = end + 2
      return INCOMPLETE
    }
    const bytes = this.#buffer.subarray(this.#offset, end)
    this.#offset = end + 2
    return bytes
  }

  #parseArray(length: number): Reply | typeof INCOMPLETE {
    if (length < 0) return null
    const items: Reply[] = []
    for (let index = 0; index < length; index++) {
      const item = this.#parse()
      if (item === INCOMPLETE) return INCOMPLETE
      items.push(item)
    }
    return items
  }
}

/** The reply with its bulk strings read as UTF-8. */
export function replyAsText(reply: Reply): Exclude<Reply, Buffer> {
  if (Buffer.isBuffer(reply)) return reply.toString('utf8')
  if (Array.isArray(reply)) return reply.map(replyAsText)
  return reply
}

const CRLF: Buffer = Buffer.from('\r\n')
const INCOMPLETE: unique symbol = Symbol('incomplete')
