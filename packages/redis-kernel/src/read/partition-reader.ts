import {
  type DriverFault,
  type ObjectId,
  type Read,
  type ReadResult,
  type Referrer,
  corrupt,
  describeObject,
  missingObject,
  referredTo,
} from '@cairnkit/core/driver'
import type { Call } from '../call.js'
import type { RedisTransport } from '../redis-transport.js'
import type { ScriptRunner } from '../script/script-runner.js'
import { scripts } from '../scripts.generated.js'
import { type Known, type Wanted, collect } from './closure.js'
import { fetchHead, fetchParts } from './native-reads.js'
import { ObjectPool, type SplitHead } from './object-pool.js'
import { readArguments } from './read-arguments.js'
import { decodeReadReply } from './read-reply.js'
import { type Draft, draftResult } from './read-result.js'

/** How often a read is made when the partition was dropped or swept between its script and its fetches. */
const MAX_ATTEMPTS = 3

/**
 * Answers reads by one script, and fetches what is too large for a script by native commands. Objects are immutable,
 * so those that come later are those of the instant of the script; when one is gone by then, the read begins anew.
 */
export class PartitionReader {
  readonly #transport: RedisTransport
  readonly #runner: ScriptRunner
  readonly #budgetBytes: number

  constructor(transport: RedisTransport, runner: ScriptRunner, budgetBytes: number) {
    this.#transport = transport
    this.#runner = runner
    this.#budgetBytes = budgetBytes
  }

  /** Issues the script in the tick it is called. */
  async read(
    key: Uint8Array,
    reads: readonly Read[],
    held: readonly ObjectId[],
    call: Call,
  ): Promise<ReadResult[]> {
    const args = readArguments(reads, this.#budgetBytes, held)
    const known: Known = new Set(held)
    for (let attempt = 1; ; attempt++) {
      const reply = decodeReadReply(await this.#runner.run(scripts.read, key, args, call))
      const drafts = reads.map((read, position) => draftResult(read, position, reply))
      const pool = new ObjectPool(reply.objects, reply.absent)
      const vanished = await this.#complete(key, drafts, known, pool, call)
      if (vanished === undefined) return drafts.map((draft) => finished(draft, known, pool))
      if (attempt === MAX_ATTEMPTS) throw vanished
    }
  }

  /** Fetches until the pool has all that the drafts reach; resolves to the fault when something was gone. */
  async #complete(
    key: Uint8Array,
    drafts: readonly Draft[],
    known: Known,
    pool: ObjectPool,
    call: Call,
  ): Promise<DriverFault | undefined> {
    for (;;) {
      const wanted = nothing()
      for (const { roots } of drafts) collect(roots, known, pool, wanted)
      if (wanted.heads.size === 0 && wanted.splits.size === 0) return undefined
      const heads = [...wanted.heads].map(([id, referrer]) => this.#addHead(key, id, referrer, pool))
      const splits = [...wanted.splits.values()].map(({ head, referrer }) =>
        this.#addParts(key, head, referrer, pool),
      )
      const faults = await call.guard(Promise.all([...heads, ...splits]))
      const fault = faults.find((found) => found !== undefined)
      if (fault !== undefined) return fault
    }
  }

  async #addHead(
    key: Uint8Array,
    id: ObjectId,
    referrer: Referrer,
    pool: ObjectPool,
  ): Promise<DriverFault | undefined> {
    const member = await fetchHead(this.#transport, key, id)
    if (member === undefined) return missingObject(id, referrer)
    pool.addMember(member)
    return undefined
  }

  async #addParts(
    key: Uint8Array,
    head: SplitHead,
    referrer: Referrer,
    pool: ObjectPool,
  ): Promise<DriverFault | undefined> {
    const bytes = await fetchParts(this.#transport, key, head)
    if (bytes === undefined) {
      return referredTo(corrupt(`the parts of ${describeObject(head.id)} are missing or damaged`), referrer)
    }
    pool.complete(head, bytes)
    return undefined
  }
}

function finished({ roots, finish }: Draft, known: Known, pool: ObjectPool): ReadResult {
  const objects = collect(roots, known, pool, nothing())
  return finish(new Map([...objects].map(([id, object]) => [id, pool.handOut(id, object)])))
}

function nothing(): Wanted {
  return { heads: new Map(), splits: new Map() }
}
