import { once } from 'node:events'
import * as net from 'node:net'
import type { Address } from '@cairnkit/conformance/faults'
import { splitLines } from './lines.js'

/** How a connection ended. */
export type End = 'end' | 'reset'

/** Sends lines, and keeps what it got and how its connection ended. */
export class LineClient implements Disposable {
  readonly replies: string[] = []
  readonly ended: Promise<End>
  readonly #socket: net.Socket
  readonly #listeners = new Set<() => void>()

  static async connect({ host, port }: Address): Promise<LineClient> {
    const client = new LineClient(net.connect({ host, port, noDelay: true }))
    await once(client.#socket, 'connect')
    return client
  }

  /** How a connection ends that says nothing, and may not even be made. */
  static async attempt({ host, port }: Address): Promise<End> {
    using client = new LineClient(net.connect({ host, port }))
    return await client.ended
  }

  private constructor(socket: net.Socket) {
    this.#socket = socket
    const split = splitLines()
    socket.on('data', (chunk: Buffer) => {
      for (const line of split(chunk)) this.replies.push(line.toString().trimEnd())
      for (const listener of this.#listeners) listener()
    })
    this.ended = new Promise((resolve) => {
      socket.on('end', () => resolve('end'))
      socket.on('error', (error: NodeJS.ErrnoException) =>
        resolve(error.code === 'ECONNRESET' ? 'reset' : 'end'),
      )
    })
  }

  send(...lines: readonly string[]): void {
    this.#socket.write(lines.map((line) => `${line}\n`).join(''))
  }

  /** As it is, without the end of a line. */
  write(text: string): void {
    this.#socket.write(text)
  }

  async received(count: number): Promise<readonly string[]> {
    while (this.replies.length < count) {
      await new Promise<void>((resolve) => {
        const listener = (): void => {
          this.#listeners.delete(listener)
          resolve()
        }
        this.#listeners.add(listener)
      })
    }
    return this.replies
  }

  [Symbol.dispose](): void {
    this.#socket.destroy()
  }
}
