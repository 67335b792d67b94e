import { once } from 'node:events'
import * as net from 'node:net'
import { deserialize, serialize } from 'node:v8'
import type { Address } from '@cairnkit/conformance/faults'
import {
  type Batch,
  type CallOptions,
  type Classification,
  type CommitOptions,
  type CommitResult,
  DriverFault,
  type PartitionId,
  type Read,
  type ReadOptions,
  type ReadResult,
  type StorageDriver,
  aborted,
  closed,
  unknownFailure,
  withDeadline,
} from '@cairnkit/core/driver'
import { LineServer } from './line-server.js'
import { splitLines } from './lines.js'

type Operation = 'read' | 'commit' | 'drop' | 'partitions'

interface Pending {
  readonly line: string
  readonly resolve: (answer: unknown) => void
  readonly reject: (cause: Error) => void
}

/** Serves a driver to processes elsewhere: one line for a call, one line for its answer. */
export async function serveDriver(driver: StorageDriver): Promise<LineServer> {
  return await LineServer.start(async (line) => {
    const [operation, ...args] = decode(line) as [Operation, ...never[]]
    try {
      return encode({ answer: await perform(driver, operation, args) })
    } catch (cause) {
      const { code, disposition } = DriverFault.isInstance(cause) ? cause : driver.classify(cause)
      return encode({ code, disposition, message: String(cause) })
    }
  })
}

async function perform(driver: StorageDriver, operation: Operation, args: never[]): Promise<unknown> {
  if (operation !== 'partitions') return await driver[operation](...(args as [never, never, never]))
  const ids: PartitionId[] = []
  for await (const id of driver.partitions(...(args as [never]))) ids.push(id)
  return ids
}

const lost: Classification = { code: 'unavailable', disposition: 'ambiguous' }
const notSent: Classification = { code: 'unavailable', disposition: 'transient' }

/**
 * A driver over one connection, which is made when it is needed: as small as one can be that keeps rule 8. What it does
 * when its connection breaks can be changed, so that the suite can be seen to notice.
 */
export class RemoteDriver implements StorageDriver {
  readonly name = 'remote'
  readonly capabilities: StorageDriver['capabilities']
  readonly #address: Address
  readonly #timeoutMs: number
  #connection: Promise<net.Socket> | undefined
  #pending: Pending[] = []
  #closed = false

  constructor(address: Address, capabilities: StorageDriver['capabilities'], timeoutMs: number) {
    this.#address = address
    this.#timeoutMs = timeoutMs
    this.capabilities = Object.freeze({ ...capabilities, sharing: 'network' })
  }

  async open(options: CallOptions = {}): Promise<void> {
    await this.beforeSending(() => this.#connected(), options)
  }

  async close(): Promise<void> {
    this.#closed = true
    const connection = await this.#connection?.catch(() => undefined)
    connection?.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async read(id: PartitionId, reads: readonly Read[], options: ReadOptions = {}): Promise<ReadResult[]> {
    return (await this.call(['read', id, reads, { known: options.known ?? [] }], options)) as ReadResult[]
  }

  async commit(id: PartitionId, batch: Batch, options: CommitOptions = {}): Promise<CommitResult> {
    const { signal: _, ...kept } = options
    return (await this.call(['commit', id, batch, kept], options)) as CommitResult
  }

  async drop(id: PartitionId, options: CallOptions = {}): Promise<boolean> {
    return (await this.call(['drop', id], options)) as boolean
  }

  async *partitions(prefix: string, options: CallOptions = {}): AsyncGenerator<PartitionId> {
    for (const id of (await this.call(['partitions', prefix], options)) as PartitionId[]) {
      if (options.signal?.aborted === true) throw aborted(options.signal)
      yield id
    }
  }

  classify(): Classification {
    return unknownFailure
  }

  protected async call(message: readonly [Operation, ...unknown[]], options: CallOptions): Promise<unknown> {
    const line = encode(message)
    const socket = await this.beforeSending(() => this.#connected(), options)
    return await this.guard(this.exchange(socket, line), options)
  }

  /** Sends a line, and waits for its answer. */
  protected exchange(socket: net.Socket, line: string): Promise<unknown> {
    return new Promise<unknown>((resolve, reject) => {
      this.#pending.push({ line, resolve, reject })
      socket.write(`${line}\n`)
    })
  }

  /** How long a call may wait that was sent. A connection that owes an answer is not used again. */
  protected async guard<T>(work: Promise<T>, options: CallOptions): Promise<T> {
    try {
      return await withDeadline(work, options.timeoutMs ?? this.#timeoutMs, options.signal)
    } catch (cause) {
      if (DriverFault.isInstance(cause) && cause.code === 'timeout') this.abandon()
      throw cause
    }
  }

  /** How long a call may wait that was not sent, and what it says then. */
  protected async beforeSending<T>(work: () => Promise<T>, options: CallOptions): Promise<T> {
    if (this.#closed) throw closed()
    const { signal, timeoutMs = this.#timeoutMs } = options
    try {
      if (signal?.aborted === true) throw aborted(signal)
      return await withDeadline(work(), timeoutMs, signal)
    } catch (cause) {
      if (this.#closed) throw closed()
      if (!DriverFault.isInstance(cause)) throw new DriverFault(this.whenNotSent(), String(cause))
      throw new DriverFault({ code: cause.code, disposition: 'permanent' }, cause.message)
    }
  }

  protected whenNotSent(): Classification {
    return notSent
  }

  protected whenLost(): Classification {
    return lost
  }

  /** What becomes of a call whose connection was lost. */
  protected onLost({ reject }: Pending): void {
    reject(
      new DriverFault(this.#closed ? { code: 'closed', disposition: 'ambiguous' } : this.whenLost(), 'lost'),
    )
  }

  protected onConnectionLost(): void {
    this.#connection = undefined
  }

  protected abandon(): void {
    const connection = this.#connection
    this.onConnectionLost()
    void connection?.then(
      (socket) => socket.destroy(),
      () => undefined,
    )
  }

  #connected(): Promise<net.Socket> {
    this.#connection ??= this.#connect().catch((cause: unknown) => {
      this.#connection = undefined
      throw cause
    })
    return this.#connection
  }

  async #connect(): Promise<net.Socket> {
    const socket = net.connect({ host: this.#address.host, port: this.#address.port, noDelay: true })
    const pending: Pending[] = []
    const split = splitLines()
    // The `close` that follows it says all that matters.
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    this.#pending = pending
    socket.on('data', (chunk: Buffer) => {
      for (const line of split(chunk)) answer(pending.shift(), decode(line.toString()))
    })
    socket.on('close', () => {
      if (this.#pending === pending) this.onConnectionLost()
      for (const call of pending.splice(0)) this.onLost(call)
    })
    return socket
  }
}

function answer(call: Pending | undefined, message: unknown): void {
  const { code, disposition, message: reason, answer } = message as Record<string, never>
  if (code === undefined) call?.resolve(answer)
  else call?.reject(new DriverFault({ code, disposition: disposition as never }, reason as never))
}

function encode(message: unknown): string {
  return serialize(message).toString('base64')
}

function decode(line: string): unknown {
  return deserialize(Buffer.from(line, 'base64'))
}
