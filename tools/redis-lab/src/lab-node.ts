import { type Endpoint, RedisConnection } from './connection.js'
import type { NodeFacts } from './facts.js'
import type { LabNode, RestartOptions } from './lab.js'
import type { NodeControl } from './node-control.js'
import { type CommandArgument, type Reply, replyAsText } from './resp.js'

/** A node as its handle sees it: facts, a connection of the lab's own, and the control over its process. */
export class ControlledNode implements LabNode {
  readonly name: string
  readonly role: NodeFacts['role']
  readonly host: string
  readonly port: number
  readonly #connection: RedisConnection
  readonly #control: NodeControl

  constructor(facts: NodeFacts, credentials: Omit<Endpoint, 'host' | 'port'>, control: NodeControl) {
    this.name = facts.name
    this.role = facts.role
    this.host = facts.host
    this.port = facts.port
    this.#connection = new RedisConnection({ host: facts.host, port: facts.port, ...credentials })
    this.#control = control
  }

  async command(...args: CommandArgument[]): Promise<unknown> {
    return replyAsText(await this.#connection.call(...args))
  }

  commandBytes(...args: CommandArgument[]): Promise<Reply> {
    return this.#connection.call(...args)
  }

  async kill(): Promise<void> {
    await this.#control.kill(this.name)
    // The next command must not be written into the connection that died with the server.
    this.#connection.close()
  }

  pause(): Promise<void> {
    return this.#control.pause(this.name)
  }

  resume(): Promise<void> {
    return this.#control.resume(this.name)
  }

  async restart(options: RestartOptions = {}): Promise<void> {
    await this.#control.restart(this.name, options)
    this.#connection.close()
  }

  async cut(): Promise<void> {
    await this.#control.cut(this.name)
    // What it would answer now may come minutes later.
    this.#connection.close()
  }

  async mend(): Promise<void> {
    await this.#control.mend(this.name)
    this.#connection.close()
  }

  disconnect(): void {
    this.#connection.close()
  }
}
