import {
  type DriverFault,
  type ObjectId,
  type ObjectMap,
  type Read,
  type ReadResult,
  type Referrer,
  type StoredObject,
  corrupt,
  describeObject,
  missingObject,
  referredTo,
} from '@cairnkit/core/driver'
import type { Call } from '../call.js'
import type { RedisTransport } from '../../redis-transport.js'
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
      const found = await this.#complete(key, drafts, known, pool, call)
      if (found.ok)
        return drafts.map(({ finish }, at) => finish(handedOut(pool, found.objects[at] as ObjectMap)))
      if (attempt === MAX_ATTEMPTS) throw found.vanished
    }
  }

  /** Fetches until the pool has all that the drafts reach, or something was gone. */
  async #complete(
    key: Uint8Array,
    drafts: readonly Draft[],
    known: Known,
    pool: ObjectPool,
    call: Call,
  ): Promise<Found> {
    for (;;) {
      const wanted: Wanted = { heads: new Map(), splits: new Map() }
      const objects = drafts.map(({ roots }) => collect(roots, known, pool, wanted))
      if (wanted.heads.size === 0 && wanted.splits.size === 0) return { ok: true, objects }
      const heads = [...wanted.heads].map(([id, referrer]) => this.#addHead(key, id, referrer, pool))
      const splits = [...wanted.splits.values()].map(({ head, referrer }) =>
        this.#addParts(key, head, referrer, pool),
      )
      const faults = await call.guard(Promise.all([...heads, ...splits]))
      const vanished = faults.find((fault) => fault !== undefined)
      if (vanished !== undefined) return { ok: false, vanished }
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

/** For each draft the objects that it reaches; or that something was gone that was there at the instant of the script. */
type Found =
  | { readonly ok: true; readonly objects: readonly ObjectMap[] }
  | { readonly ok: false; readonly vanished: DriverFault }

function handedOut(pool: ObjectPool, objects: ObjectMap): ObjectMap {
  const own = new Map<ObjectId, StoredObject>()
  for (const [id, object] of objects) own.set(id, pool.handOut(id, object))
  return own
}
