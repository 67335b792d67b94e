import type { LabNode, Reply } from '@cairnkit/redis-lab'
import type { RedisCommand, RedisReply, RedisTransport, WaitedReply } from '../../src/storage/index.js'

/** The least a transport can be: one connection to one node, and a count of what was sent. */
export class LabTransport implements RedisTransport {
  readonly name = 'lab'
  readonly sent: RedisCommand[] = []
  readonly #node: LabNode
  /** Runs before a command is sent. */
  before: (command: RedisCommand) => Promise<void> | void = () => {}
  beforeConnect: () => Promise<void> | void = () => {}
  /** Answers in the place of the server. */
  answer: ((command: RedisCommand) => RedisReply) | undefined
  connects = 0
  closes = 0

  constructor(node: LabNode) {
    this.#node = node
  }

  async connect(): Promise<void> {
    this.connects++
    await this.beforeConnect()
    await this.#node.commandBytes('PING')
  }

  async close(): Promise<void> {
    this.closes++
  }

  async send(_key: Uint8Array, command: RedisCommand): Promise<RedisReply> {
    this.sent.push(command)
    await this.before(command)
    if (this.answer !== undefined) return this.answer(command)
    return toReply(await this.#node.commandBytes(...command))
  }

  async sendThenWait(key: Uint8Array, command: RedisCommand, wait: RedisCommand): Promise<WaitedReply> {
    const sent = this.send(key, command)
    const waited = this.send(key, wait).then(
      (answer) => ({ ok: true, reply: answer }) as const,
      (cause: unknown) => ({ ok: false, cause }) as const,
    )
    return { reply: await sent, waited }
  }

  progress(): undefined {
    return undefined
  }

  async primaries(): Promise<readonly { send(command: RedisCommand): Promise<RedisReply> }[]> {
    return [{ send: (command) => this.send(new Uint8Array(), command) }]
  }

  classify(): undefined {
    return undefined
  }

  /** The names of the commands since the last time. */
  takeNames(): string[] {
    return this.sent.splice(0).map(([name]) => name)
  }
}

function toReply(reply: Reply): RedisReply {
  if (typeof reply === 'string') return Buffer.from(reply)
  if (reply instanceof Error) throw reply
  if (Array.isArray(reply)) return reply.map(toReply)
  return reply
}
