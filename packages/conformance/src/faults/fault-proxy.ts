import { once } from 'node:events'
import * as net from 'node:net'
import type { Ending, RequestFault } from './fault.js'
import { type Framing, chunks } from './framing.js'
import { type Address, type FaultPlan, noFaults } from './plan.js'
import { ProxiedConnection } from './proxied-connection.js'
import { tearDown } from './tear-down.js'

/** The options of a {@link FaultProxy}. */
export interface FaultProxyOptions {
  /** The servers behind the proxy. Each gets its own port. */
  readonly targets: readonly [Address, ...Address[]]
  /** Finds requests and replies in the bytes. @default `chunks`: each packet is one */
  readonly framing?: Framing
  /** Whether the plan is asked about a request. Others (greetings, PINGs) are passed on. @default all are */
  readonly concerns?: (request: Buffer) => boolean
  /** Decides the faults. @default everything is passed on */
  readonly plan?: FaultPlan
}

/**
 * A proxy between a client and its servers that breaks their connections by a plan: it cuts, delays, resets and silences them,
 * at exact points. It knows the protocol only by its framing.
 */
export class FaultProxy implements AsyncDisposable {
  /** Decides the faults from now on. It may be changed at any time; faults that have happened stay. */
  plan: FaultPlan
  readonly #concerns: (request: Buffer) => boolean
  readonly #framing: Framing
  readonly #doors: { readonly target: Address; readonly server: net.Server }[] = []
  readonly #clients = new Map<net.Socket, ProxiedConnection | undefined>()
  #connections = 0
  #requests = 0
  #faults = 0

  /** Listens on a free port of the loopback for each target. The servers need not be up. */
  static async open(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options)
    for (const { host, port } of options.targets) await proxy.#listen({ host, port })
    return proxy
  }

  private constructor({ framing = chunks, concerns = () => true, plan = noFaults }: FaultProxyOptions) {
    this.plan = plan
    this.#framing = framing
    this.#concerns = concerns
  }

  /** The address to connect to instead of the first target. */
  get address(): Address {
    return this.addresses[0] as Address
  }

  /** The addresses to connect to instead of the targets, in their order. */
  get addresses(): readonly Address[] {
    return this.#doors.map(({ server }) => ({
      host: '127.0.0.1',
      port: (server.address() as net.AddressInfo).port,
    }))
  }

  /** Maps `host:port` of each target to the address to connect to instead, for clients whose servers announce addresses. */
  get addressMap(): Readonly<Record<string, Address>> {
    const { addresses } = this
    return Object.fromEntries(
      this.#doors.map(({ target }, at) => [`${target.host}:${target.port}`, addresses[at] as Address]),
    )
  }

  /** How many connections were made, how many requests the plan was asked about, and how many faults happened. */
  get counts(): { readonly connections: number; readonly requests: number; readonly faults: number } {
    return { connections: this.#connections, requests: this.#requests, faults: this.#faults }
  }

  /** Ends all current connections. */
  cutAll(by: Ending = 'close'): void {
    for (const [client, connection] of this.#clients) {
      if (connection !== undefined) connection.end(by)
      else if (by === 'reset') tearDown(client)
      else client.destroy()
    }
  }

  /**
   * Silences all current connections for ever, in both directions. Data on its way is lost without notice. The plan decides about
   * later connections.
   * @param target Silences only connections to this server. @default all
   */
  silenceAll(target?: Address): void {
    for (const connection of this.#clients.values()) {
      if (connection === undefined || (target !== undefined && !isSame(connection.target, target))) continue
      connection.silence()
    }
  }

  /** Ends all connections and stops listening. */
  async close(): Promise<void> {
    this.cutAll()
    await Promise.all(
      this.#doors.splice(0).map(async ({ server }) => {
        server.close()
        await once(server, 'close')
      }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #listen(target: Address): Promise<void> {
    // Half open: who has said all that it will say may still be waiting for the answer.
    const server = net.createServer({ noDelay: true, allowHalfOpen: true }, (client) =>
      this.#accept(client, target),
    )
    this.#doors.push({ target, server })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }

  #accept(client: net.Socket, target: Address): void {
    const connection = this.#connections++
    this.#clients.set(client, undefined)
    client.on('close', () => this.#clients.delete(client))
    const fault = this.plan.connection?.({ target, connection })
    if (fault !== undefined) this.#faults++
    switch (fault?.type) {
      case 'reset':
        client.on('error', () => undefined)
        tearDown(client)
        return
      case 'black-hole':
        // The client may tear it down, which is no news.
        client.on('error', () => undefined)
        client.on('end', () => client.end())
        client.resume()
        return
      case undefined:
        this.#clients.set(
          client,
          new ProxiedConnection(client, target, this.#framing, (bytes) =>
            this.#decide({ target, connection, bytes }),
          ),
        )
    }
  }

  #decide(request: {
    readonly target: Address
    readonly connection: number
    readonly bytes: Buffer
  }): RequestFault | undefined {
    if (!this.#concerns(request.bytes)) return undefined
    this.#requests++
    const fault = this.plan.request?.(request)
    if (fault !== undefined) this.#faults++
    return fault
  }
}

function isSame(one: Address, other: Address): boolean {
  return one.host === other.host && one.port === other.port
}
