import { type Lab, type LabNode, waitFor } from '@cairnkit/redis-lab'
import { Redis } from 'ioredis'

/** One command as a server received it from a client; what scripts do inside is not among them. */
export interface LoggedCommand {
  readonly name: string
  readonly args: readonly string[]
}

/** Hears every command that reaches a primary of a lab, by MONITOR. */
export class CommandLog implements AsyncDisposable {
  readonly #nodes: readonly LabNode[]
  readonly #monitors: readonly Redis[]
  readonly #seen: LoggedCommand[] = []
  #marks = 0

  static async open(lab: Lab): Promise<CommandLog> {
    const nodes = await lab.primaries()
    const connections = nodes.map((node) => adminConnection(lab, node))
    const monitors = await Promise.all(connections.map(async (connection) => await connection.monitor()))
    for (const connection of connections) connection.disconnect()
    return new CommandLog(nodes, monitors)
  }

  private constructor(nodes: readonly LabNode[], monitors: readonly Redis[]) {
    this.#nodes = nodes
    this.#monitors = monitors
    for (const monitor of monitors) {
      monitor.on('monitor', (_time: string, [name = '', ...args]: string[], source: string) => {
        if (source !== 'lua') this.#seen.push({ name: name.toLowerCase(), args })
      })
    }
  }

  /** The commands that `work` caused and that name `text`, from all servers. */
  async during(text: string, work: () => Promise<unknown>): Promise<readonly LoggedCommand[]> {
    await this.#settle()
    this.#seen.length = 0
    await work()
    await this.#settle()
    return this.#seen.filter(({ args }) => args.some((arg) => arg.includes(text)))
  }

  /** Until every server has reported a mark that was sent after all that went before. */
  async #settle(): Promise<void> {
    this.#marks += 1
    const mark = `mark-${this.#marks}-${crypto.randomUUID()}`
    await Promise.all(this.#nodes.map(async (node) => await node.command('ECHO', mark)))
    await waitFor(`${this.#nodes.length} servers to report ${mark}`, () =>
      this.#seen.filter(({ args }) => args[0] === mark).length === this.#nodes.length ? true : undefined,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const monitor of this.#monitors) monitor.disconnect()
  }
}

function adminConnection(lab: Lab, { host, port }: LabNode): Redis {
  if (lab.kind !== 'standalone-tls') return new Redis({ host, port })
  return new Redis({
    host: 'localhost',
    port,
    username: lab.adminUsername,
    password: lab.adminPassword,
    tls: { ca: lab.ca },
  })
}
