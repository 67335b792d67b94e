import { type Socket, connect as connectPlain } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Lab, LabNode } from '@cairnkit/redis-lab'

/** One command as a server received it from a client. */
export interface MonitoredCommand {
  readonly name: string
  readonly args: readonly string[]
}

/** `1700000000.123 [0 127.0.0.1:5000] "get" "key"`; what a script does has `lua` in place of the address. */
const LINE = /^\+[\d.]+ \[\d+ (?<source>[^\]]+)\] (?<words>.*)$/
const WORD = /"((?:[^"\\]|\\.)*)"/g

/**
 * Hears what clients send to one server, by MONITOR on a socket of its own: a client library takes the first line that
 * a busy server reports for the reply to something else.
 */
export class Monitor {
  readonly #socket: Socket
  #rest = ''

  static async open(
    lab: Lab,
    node: LabNode,
    onCommand: (command: MonitoredCommand) => void,
  ): Promise<Monitor> {
    const tls = lab.kind === 'standalone-tls'
    const socket = tls
      ? connectTls({ host: 'localhost', port: node.port, ca: lab.ca })
      : connectPlain({ host: node.host, port: node.port })
    const monitor = new Monitor(socket)
    await monitor.#start(
      tls ? `AUTH ${lab.adminUsername} ${lab.adminPassword}\r\nMONITOR\r\n` : 'MONITOR\r\n',
      tls ? 2 : 1,
    )
    socket.on('data', (chunk: Buffer) => {
      for (const line of monitor.#lines(chunk)) {
        const command = commandOf(line)
        if (command !== undefined) onCommand(command)
      }
    })
    return monitor
  }

  private constructor(socket: Socket) {
    this.#socket = socket
  }

  close(): void {
    this.#socket.destroy()
  }

  /** Sends `commands` and waits for that many replies; what comes behind the last one is kept. */
  async #start(commands: string, replies: number): Promise<void> {
    let missing = replies
    await new Promise<void>((resolve, reject) => {
      const onData = (chunk: Buffer): void => {
        const lines = this.#lines(chunk)
        const refused = lines.slice(0, missing).find((line) => line !== '+OK')
        missing -= lines.length
        if (refused !== undefined) reject(new Error(`MONITOR was refused: ${refused}`))
        if (missing > 0) return
        this.#socket.off('data', onData)
        resolve()
      }
      this.#socket.on('data', onData)
      this.#socket.once('error', reject)
      this.#socket.write(commands)
    })
  }

  #lines(chunk: Buffer): string[] {
    const lines = (this.#rest + chunk.toString('latin1')).split('\r\n')
    this.#rest = lines.pop() ?? ''
    return lines
  }
}

function commandOf(line: string): MonitoredCommand | undefined {
  const { source, words = '' } = LINE.exec(line)?.groups ?? {}
  if (source === undefined || source === 'lua') return undefined
  const [name = '', ...args] = [...words.matchAll(WORD)].map(([, word = '']) => word)
  return { name: name.toLowerCase(), args }
}
