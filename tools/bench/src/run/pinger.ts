import { type Socket, connect } from 'node:net'
import type { LabNode } from '@cairnkit/redis-lab'

/** So often it asks again, in milliseconds. */
const PAUSE_MS = 1

/** Another client of a server, which asks for a sign of life again and again: what keeps it waiting keeps everybody. */
export class Pinger {
  readonly #socket: Socket
  #longestMs = 0
  #sentAt: number | undefined
  #timer: NodeJS.Timeout | undefined

  static async open({ host, port }: Pick<LabNode, 'host' | 'port'>): Promise<Pinger> {
    const socket = connect({ host, port, noDelay: true })
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return new Pinger(socket)
  }

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', () => this.#answered())
    // Then it waits until it is closed, and that shows.
    socket.on('error', () => socket.destroy())
    this.#ask()
  }

  /** The longest that an answer took, or that one has been waited for by now. */
  get longestMs(): number {
    const waitingMs = this.#sentAt === undefined ? 0 : performance.now() - this.#sentAt
    return Math.max(this.#longestMs, waitingMs)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#socket.destroy()
  }

  #ask(): void {
    this.#sentAt = performance.now()
    this.#socket.write('PING\r\n')
  }

  #answered(): void {
    this.#longestMs = this.longestMs
    this.#sentAt = undefined
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MS)
  }
}
