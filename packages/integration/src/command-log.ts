import { type Lab, type LabNode, waitFor } from '@cairnkit/redis-lab'
import { Monitor, type MonitoredCommand } from './monitor.js'

/** Hears every command that reaches a primary of a lab; what scripts do inside is not among them. */
export class CommandLog implements AsyncDisposable {
  readonly #nodes: readonly LabNode[]
  readonly #monitors: readonly Monitor[]
  readonly #seen: MonitoredCommand[]
  #marks = 0

  static async open(lab: Lab): Promise<CommandLog> {
    const nodes = await lab.primaries()
    const seen: MonitoredCommand[] = []
    const monitors = await Promise.all(
      nodes.map(async (node) => await Monitor.open(lab, node, (command) => seen.push(command))),
    )
    return new CommandLog(nodes, monitors, seen)
  }

  private constructor(nodes: readonly LabNode[], monitors: readonly Monitor[], seen: MonitoredCommand[]) {
    this.#nodes = nodes
    this.#monitors = monitors
    this.#seen = seen
  }

  /** The commands that `work` caused and that name `text`, from all servers. */
  async during(text: string, work: () => Promise<unknown>): Promise<readonly MonitoredCommand[]> {
    await this.#settle()
    this.#seen.length = 0
    await work()
    await this.#settle()
    return this.#seen.filter(({ args }) => args.some((arg) => arg.includes(text)))
  }

  /** Whether arguments can be told from what is reported: Valkey 8.1 shows quotes and backslashes as they are. */
  async isExact(): Promise<boolean> {
    const id = crypto.randomUUID()
    await Promise.all(this.#nodes.map(async (node) => await node.command('ECHO', `${id}"\\`)))
    await this.#settle()
    const reports = this.#seen.filter(({ args }) => args[0]?.startsWith(id))
    return reports.length > 0 && reports.every(({ args }) => args[0] === String.raw`${id}\"\\`)
  }

  /** Until every server has reported a mark that was sent after all that went before. */
  async #settle(): Promise<void> {
    this.#marks += 1
    const mark = `mark-${this.#marks}-${crypto.randomUUID()}`
    await Promise.all(this.#nodes.map(async (node) => await node.command('ECHO', mark)))
    const reports = (): number => this.#seen.filter(({ args }) => args[0] === mark).length
    await waitFor(`${this.#nodes.length} servers to report ${mark}`, () =>
      reports() === this.#nodes.length ? true : undefined,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const monitor of this.#monitors) monitor.close()
  }
}
