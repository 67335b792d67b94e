import {
  type Batch,
  type CommitResult,
  type ObjectId,
  type Read,
  type ResultsOf,
  type StorageDriver,
  objectId,
} from '@cairnkit/core/driver'
import { type LabNode, startLab } from '@cairnkit/redis-lab'
import { afterAll, beforeAll } from 'vitest'
import { type KernelOptions, createRedisDriver } from '../../src/storage/index.js'
import { LabTransport } from './lab-transport.js'

let count = 0

/** One partition of a real server, as tests talk to it. */
export class Subject {
  readonly node: LabNode
  readonly transport: LabTransport
  readonly driver: StorageDriver
  readonly partition: string
  readonly key: string

  constructor(node: LabNode, options: KernelOptions = {}) {
    this.node = node
    this.transport = new LabTransport(node)
    this.driver = createRedisDriver(this.transport, options)
    this.partition = `p${++count}`
    this.key = `${options.keyPrefix ?? 'cairn'}:{${this.partition}}`
  }

  commit(batch: Batch): Promise<CommitResult> {
    return this.driver.commit(this.partition, batch)
  }

  async read<const Rs extends readonly Read[]>(...reads: Rs): Promise<ResultsOf<Rs>> {
    return (await this.driver.read(this.partition, reads)) as ResultsOf<Rs>
  }

  /** As `read`, by the driver of another one, as another process would. */
  async readBy<const Rs extends readonly Read[]>(other: Subject, ...reads: Rs): Promise<ResultsOf<Rs>> {
    return (await other.driver.read(this.partition, reads)) as ResultsOf<Rs>
  }

  /** The members as they are stored. */
  async members(): Promise<Buffer[]> {
    return (await this.node.commandBytes('ZRANGE', this.key, '0', '-1')) as Buffer[]
  }

  /** Swaps the first member that begins with `start` for what `change` makes of it. */
  async tamper(start: Uint8Array | string, change: (member: Buffer) => Buffer | undefined): Promise<void> {
    const begin = Buffer.from(start)
    const member = (await this.members()).find((one) => one.subarray(0, begin.length).equals(begin))
    if (member === undefined) throw new Error('there is no such member')
    await this.node.commandBytes('ZREM', this.key, member)
    const changed = change(Buffer.from(member))
    if (changed !== undefined) await this.node.commandBytes('ZADD', this.key, '0', changed)
  }
}

/** A server for the tests of one file. */
export function useLab(): (options?: KernelOptions) => Subject {
  let node: LabNode | undefined
  let stop: () => Promise<void> = async () => {}
  beforeAll(async () => {
    const lab = await startLab('standalone')
    stop = () => lab.stop()
    node = lab.nodes[0]
  })
  afterAll(async () => await stop())
  return (options) => {
    if (node === undefined) throw new Error('the server has not started')
    return new Subject(node, options)
  }
}

export function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values)
}

export interface TestObject {
  readonly type: 'object'
  readonly id: ObjectId
  readonly bytes: Uint8Array
  readonly refs: readonly ObjectId[]
}

export function object(content: Uint8Array, refs: readonly ObjectId[] = []): TestObject {
  return { type: 'object', id: objectId(content, refs), bytes: content, refs }
}

/** Bytes that no compression and no coincidence makes equal. */
export function noise(length: number, seed = 1): Uint8Array {
  const content = new Uint8Array(length)
  let state = seed
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    content[at] = state >>> 24
  }
  return content
}

export function objectStart(id: ObjectId): Buffer {
  return Buffer.concat([Buffer.from('o'), Buffer.from(id, 'hex')])
}
