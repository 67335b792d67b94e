import { type Socket, connect } from 'node:net'
import type { LabNode } from '@cairnkit/redis-lab'

/** `1700000000.123 [0 127.0.0.1:5000] "get" "key"`; what a script does has `lua` in place of the address. */
const LINE = /^\+[\d.]+ \[\d+ (?<source>[^\]]+)\] "(?<name>(?:[^"\\]|\\.)*)"/

/**
 * Hears what clients send to one server, on a socket of its own. MONITOR slows the server down: never while the clock
 * runs.
 */
export class Monitor {
  readonly #socket: Socket
  readonly #counts = new Map<string, number>()
  #rest = ''

  static async open(node: LabNode): Promise<Monitor> {
    const socket = connect({ host: node.host, port: node.port })
    const monitor = new Monitor(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.once('data', () => resolve())
      socket.write('MONITOR\r\n')
    })
    socket.on('data', (chunk: Buffer) => monitor.#hear(chunk))
    return monitor
  }

  private constructor(socket: Socket) {
    this.#socket = socket
  }

  /** How often each command came from a client until `node` was reached by a mark that this sends. */
  async counts(node: LabNode): Promise<ReadonlyMap<string, number>> {
    const marked = (): number => this.#counts.get('echo') ?? 0
    const before = marked()
    await node.command('ECHO', 'mark')
    // The server reports in order, so after the mark nothing is missing.
    while (marked() === before) await new Promise((resolve) => this.#socket.once('data', resolve))
    const counts = new Map(this.#counts)
    counts.delete('echo')
    return counts
  }

  close(): void {
    this.#socket.destroy()
  }

  #hear(chunk: Buffer): void {
    const lines = (this.#rest + chunk.toString('latin1')).split('\r\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const { source, name = '' } = LINE.exec(line)?.groups ?? {}
      if (source === undefined || source === 'lua') continue
      this.#counts.set(name.toLowerCase(), (this.#counts.get(name.toLowerCase()) ?? 0) + 1)
    }
  }
}
