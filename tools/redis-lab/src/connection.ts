import * as net from 'node:net'
import * as tls from 'node:tls'
import { type CommandArgument, type Reply, RedisReplyError, ReplyParser, encodeCommand } from './resp.js'

/** How to reach one server. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  /** PEM text of the authority that signed the server's certificate; without it the connection is plain. */
  readonly ca?: string
  readonly username?: string
  readonly password?: string
}

/**
 * One connection to one server, made when it is first needed and made anew after it was lost. Nothing is ever sent
 * twice: a call whose reply was lost rejects. It never keeps the process alive by itself; a pending call does.
 */
export class RedisConnection {
  readonly #endpoint: Endpoint
  readonly #timeoutMs: number
  #session: Session | undefined

  constructor(endpoint: Endpoint, timeoutMs = 10_000) {
    this.#endpoint = endpoint
    this.#timeoutMs = timeoutMs
  }

  /** Rejects with `RedisReplyError` for an error reply, and with `Error` when no reply came. */
  call(...args: CommandArgument[]): Promise<Reply> {
    if (this.#session === undefined || this.#session.ended) {
      this.#session = new Session(this.#endpoint, this.#timeoutMs)
    }
    return this.#session.send(args)
  }

  close(): void {
    this.#session?.end(new Error(`The connection to ${address(this.#endpoint)} was closed`))
    this.#session = undefined
  }
}

interface PendingCall {
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

class Session {
  readonly #endpoint: Endpoint
  readonly #timeoutMs: number
  readonly #socket: net.Socket
  readonly #parser = new ReplyParser()
  readonly #pending: PendingCall[] = []
  ended = false

  constructor(endpoint: Endpoint, timeoutMs: number) {
    this.#endpoint = endpoint
    this.#timeoutMs = timeoutMs
    const { host, port, ca } = endpoint
    this.#socket =
      ca === undefined
        ? net.connect({ host, port })
        : tls.connect({ host, port, ca, servername: 'localhost' })
    this.#socket.setNoDelay(true)
    this.#socket.unref()
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    this.#socket.on('error', (error) => this.end(error))
    this.#socket.on('close', () => this.end(new Error(`${address(endpoint)} closed the connection`)))
    if (endpoint.password !== undefined) {
      this.send(['AUTH', endpoint.username ?? 'default', endpoint.password]).catch((error: unknown) =>
        this.end(error instanceof Error ? error : new Error(String(error))),
      )
    }
  }

  send(args: readonly CommandArgument[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const command = typeof args[0] === 'string' ? args[0] : 'command'
        this.end(
          new Error(`${address(this.#endpoint)} did not answer ${command} within ${this.#timeoutMs} ms`),
        )
      }, this.#timeoutMs)
      this.#pending.push({ resolve, reject, timer })
      this.#socket.write(encodeCommand(args))
    })
  }

  end(reason: Error): void {
    if (this.ended) return
    this.ended = true
    this.#socket.destroy()
    for (const call of this.#pending.splice(0)) {
      clearTimeout(call.timer)
      call.reject(reason)
    }
  }

  #receive(chunk: Buffer): void {
    let replies: Reply[]
    try {
      replies = this.#parser.push(chunk)
    } catch (error) {
      this.end(error instanceof Error ? error : new Error(String(error)))
      return
    }
    for (const reply of replies) {
      const call = this.#pending.shift()
      if (call === undefined)
        return this.end(new Error(`${address(this.#endpoint)} sent a reply nobody asked for`))
      clearTimeout(call.timer)
      if (reply instanceof RedisReplyError) call.reject(reply)
      else call.resolve(reply)
    }
  }
}

function address(endpoint: Endpoint): string {
  return `${endpoint.host}:${endpoint.port}`
}
