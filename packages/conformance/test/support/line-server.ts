import { once } from 'node:events'
import * as net from 'node:net'
import { splitLines } from './lines.js'

/** Answers each line with what `answer` makes of it, in the order in which the lines came. */
export class LineServer implements AsyncDisposable {
  readonly host = '127.0.0.1'
  readonly #server: net.Server
  readonly #sockets = new Set<net.Socket>()
  connections = 0

  static async start(answer: (line: string) => string | Promise<string>): Promise<LineServer> {
    const server = new LineServer(answer)
    server.#server.listen(0, server.host)
    await once(server.#server, 'listening')
    return server
  }

  private constructor(answer: (line: string) => string | Promise<string>) {
    this.#server = net.createServer((socket) => {
      this.connections++
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      // The other side may go away at any moment: that is what these tests are about.
      socket.on('error', () => socket.destroy())
      const split = splitLines()
      let last: Promise<void> = Promise.resolve()
      socket.on('data', (chunk) => {
        for (const line of split(chunk)) {
          const answered = answer(line.toString().trimEnd())
          last = last.then(async () => void socket.write(`${await answered}\n`))
        }
      })
    })
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
