import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RedisConnection } from './connection.js'
import type { NodeFacts, NodeRole } from './facts.js'
import type { RestartOptions } from './lab.js'
import type { StartLabOptions } from './lab-options.js'
import { Namespaces } from './namespaces.js'
import type { NodeControl } from './node-control.js'
import { type PortBlock, reservePorts } from './port-block.js'
import { ServerProcess } from './server-process.js'
import type { Server } from './servers/server.js'
import type { WaitLimits } from './wait-for.js'
import { Watchdog } from './watchdog.js'

/** What a topology asks of its host for one server. */
export interface ServerRequest {
  readonly name: string
  readonly role: NodeRole
  readonly port: number
  /** Lines of the configuration file, without those that every server has. */
  readonly config: readonly string[]
  /** Connection facts beyond host and port. */
  readonly secure?: { readonly ca: string; readonly username: string; readonly password: string }
  readonly afterStart?: (connection: RedisConnection) => Promise<void>
}

/** Everything of one lab that must be ended: a directory, ports, server programs and the watchdog over them. */
export class LabHost implements NodeControl {
  readonly directory: string
  readonly ports: readonly number[]
  readonly options: StartLabOptions
  readonly server: Server
  readonly #block: PortBlock
  readonly #watchdog: Watchdog
  readonly #servers = new Map<string, ServerProcess>()
  readonly #starting = new Set<Promise<NodeFacts>>()
  #namespaces: Namespaces | undefined
  #closing: Promise<void> | undefined

  private constructor(server: Server, options: StartLabOptions, directory: string, block: PortBlock) {
    this.server = server
    this.options = options
    this.directory = directory
    this.#block = block
    this.ports = block.ports
    this.#watchdog = new Watchdog(directory)
    if (openHosts.size === 0) process.on('exit', killAllHosts)
    openHosts.add(this)
  }

  static async open(server: Server, portCount: number, options: StartLabOptions): Promise<LabHost> {
    const block = await reservePorts(portCount)
    const directory = await mkdtemp(join(await realpath(tmpdir()), 'cairn-redis-lab-'))
    const host = new LabHost(server, options, directory, block)
    try {
      if (options.network === 'namespaces')
        host.#namespaces = await Namespaces.open(portCount, host.#watchdog)
      return host
    } catch (error) {
      await host.close()
      throw error
    }
  }

  get limits(): WaitLimits {
    return { timeoutMs: this.options.startTimeoutMs, signal: this.options.signal }
  }

  /** The port of the n-th server. */
  port(index: number): number {
    const port = this.ports[index]
    if (port === undefined)
      throw new RangeError(`This lab has ${this.ports.length} ports, none is number ${index}`)
    return port
  }

  /** Where the n-th server listens. */
  address(index: number): string {
    return this.#namespaces?.address(index) ?? '127.0.0.1'
  }

  /** The lines that every server with data shares. */
  dataConfig(): string[] {
    return [
      'save ""',
      ...(this.options.appendOnly === true
        ? // By default a write waits in memory while the disk is busy, and a server that is killed takes it along.
          ['appendonly yes', 'appendfsync always']
        : ['appendonly no']),
      // The default of 5 s is most of what a naive start of replicas takes.
      'repl-diskless-sync yes',
      'repl-diskless-sync-delay 0',
      ...this.server.config,
      ...Object.entries(this.options.config ?? {}).map(([name, value]) => `${name} ${value}`),
    ]
  }

  start(request: ServerRequest): Promise<NodeFacts> {
    const starting = this.#start(request)
    this.#starting.add(starting)
    // The caller gets the failure; this branch only tidies up.
    starting.catch(() => undefined).finally(() => this.#starting.delete(starting))
    return starting
  }

  async #start(request: ServerRequest): Promise<NodeFacts> {
    const { name, role, port, secure } = request
    const directory = join(this.directory, name)
    const configFile = join(directory, 'server.conf')
    await mkdir(directory)
    const index = this.ports.indexOf(port)
    const address = this.address(index)
    // A namespace keeps strangers out, and this process comes from outside it.
    const open = this.#namespaces === undefined ? [] : ['protected-mode no']
    const lines = [`dir "${directory}"`, 'daemonize no', 'logfile ""', ...open, ...request.config]
    await writeFile(configFile, `${lines.join('\n')}\n`)
    // One of several starts failed meanwhile: a server begun now would outlive the lab.
    if (this.#closing !== undefined) throw new Error('This lab was stopped while it started')
    const server = new ServerProcess(
      {
        name,
        program: this.server.program,
        within: this.#namespaces?.enter(index) ?? [],
        directory,
        configFile,
        sentinel: role === 'sentinel',
        endpoint: { host: address, port, ...secure },
        ...(request.afterStart === undefined ? {} : { afterStart: request.afterStart }),
      },
      this.#watchdog,
    )
    this.#servers.set(name, server)
    await server.start(this.limits)
    return { name, role, host: secure === undefined ? address : 'localhost', port }
  }

  kill(name: string): Promise<void> {
    return this.#server(name).kill()
  }

  pause(name: string): Promise<void> {
    return this.#server(name).pause()
  }

  resume(name: string): Promise<void> {
    return this.#server(name).resume()
  }

  restart(name: string, options: RestartOptions = {}): Promise<void> {
    return this.#server(name).restart(options)
  }

  async cut(name: string): Promise<void> {
    await this.#cables().cut(this.#indexOf(name))
  }

  async mend(name: string): Promise<void> {
    await this.#cables().mend(this.#indexOf(name))
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** What can be done while the process exits; the watchdog, which sees the exit too, does what is left. */
  closeNow(): void {
    for (const server of this.#servers.values()) server.killNow()
    try {
      rmSync(this.directory, { recursive: true, force: true })
    } catch {
      // A dying server wrote one more file: the watchdog removes the directory a moment later.
    }
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.kill()))
    await Promise.allSettled(this.#starting)
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 })
    await this.#watchdog.close()
    await this.#block.release()
    openHosts.delete(this)
    if (openHosts.size === 0) process.off('exit', killAllHosts)
  }

  #cables(): Namespaces {
    if (this.#namespaces !== undefined) return this.#namespaces
    throw new Error("No server of this lab can be cut off: start it with network: 'namespaces'")
  }

  #indexOf(name: string): number {
    return this.ports.indexOf(this.#server(name).spec.endpoint.port)
  }

  #server(name: string): ServerProcess {
    const server = this.#servers.get(name)
    if (server === undefined) throw new Error(`This lab has no node named ${name}`)
    if (this.#closing !== undefined) throw new Error('This lab was stopped')
    return server
  }
}

const openHosts = new Set<LabHost>()

function killAllHosts(): void {
  for (const host of openHosts) host.closeNow()
}
