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
  describeRecord,
  missingObject,
  referredTo,
  theRead,
} from '@cairnkit/core/driver'
import type { Call } from '../call.js'
import type { RedisTransport } from '../../redis-transport.js'
import type { PartitionScripts } from '../script/partition-scripts.js'
import { faultOfStatus, status } from '../script/status.js'
import { scripts } from '../scripts.generated.js'
import { type Known, type Wanted, collect } from './closure.js'
import { NativeReads } from './native-reads.js'
import { ObjectPool, type SplitHead } from './object-pool.js'
import { PagedRead } from './paged-read.js'
import { readArguments, readRequest } from './read-arguments.js'
import { type PendingRecord, type ReadReply, decodeReadPage } from './read-reply.js'
import { type Draft, draftResult } from './read-result.js'

/** How often a read is made by several commands when something that it needs was gone between two of them. */
const MAX_VANISHED = 2

/** How often it is made so when records were changed between two of them. */
const MAX_PASSED = 5

export interface ReadLimits {
  /** How many bytes of records and objects one script gives, before it leaves the rest to other commands. */
  readonly budgetBytes: number
  /** How many native commands of a read a server is sent before it has answered one. */
  readonly maxInFlight: number
}

/** Where a script gives as many objects as this they are small, and the next ones are cheaper by another script. */
const MANY = 128

/**
 * Answers reads by one script, and fetches what is too large for it by others and by native commands. What comes later is of
 * the instant of the first script: records are looked at again, and objects are immutable. When they have changed, or are gone,
 * the read begins anew; and at last one script gives all, however long that takes.
 */
export class PartitionReader {
  readonly #transport: RedisTransport
  readonly #scripts: PartitionScripts
  readonly #limits: ReadLimits

  constructor(transport: RedisTransport, partitionScripts: PartitionScripts, limits: ReadLimits) {
    this.#transport = transport
    this.#scripts = partitionScripts
    this.#limits = limits
  }

  /** Issues the script in the tick it is called. */
  async read(
    key: Uint8Array,
    reads: readonly Read[],
    held: readonly ObjectId[],
    call: Call,
  ): Promise<ReadResult[]> {
    const paged = new PagedRead(this.#scripts, key, reads, held)
    const known: Known = new Set(held)
    let [vanished, passed] = [0, 0]
    for (;;) {
      const isLast = vanished >= MAX_VANISHED || passed >= MAX_PASSED
      const reply = await paged.run(isLast ? 'all' : this.#limits.budgetBytes, call)
      if (reply === undefined) {
        passed++
        continue
      }
      const pending: PendingRecord[] = []
      const drafts = reads.map((read, position) => draftResult(read, position, reply, pending))
      const pool = new ObjectPool()
      const count = pool.addGathered(reply.objects, reply.absent)
      const gathered = reply.isInPages ? MANY : count
      const found = await this.#complete(key, { drafts, pending, known, pool, gathered }, call)
      if (found.ok)
        return drafts.map(({ finish }, at) => finish(handedOut(pool, found.objects[at] as ObjectMap)))
      if (isLast) throw found.vanished
      vanished++
    }
  }

  /** Fetches until the pool has all that the drafts reach, or something was gone. */
  async #complete(key: Uint8Array, begun: Begun, call: Call): Promise<Found> {
    const { drafts, pending, known, pool } = begun
    let { gathered } = begun
    const native = new NativeReads(this.#transport, key, this.#limits.maxInFlight)
    try {
      if (pending.length > 0) {
        const vanished = await call.guard(fetchRecords(native, pending))
        if (vanished !== undefined) return { ok: false, vanished }
      }
      for (;;) {
        const wanted: Wanted = { heads: new Map(), splits: new Map() }
        const objects = drafts.map(({ roots }) => collect(roots, known, pool, wanted))
        if (wanted.heads.size === 0 && wanted.splits.size === 0) return { ok: true, objects }
        if (gathered >= MANY && wanted.heads.size >= MANY) {
          const more = await this.#gather(key, [...wanted.heads.keys()], call)
          const vanished = firstMissing(more.absent, wanted)
          if (vanished !== undefined) return { ok: false, vanished }
          gathered = pool.addGathered(more.objects, more.absent)
          continue
        }
        const vanished = await call.guard(fetchAll(native, wanted, pool))
        if (vanished !== undefined) return { ok: false, vanished }
      }
    } finally {
      native.stop()
    }
  }

  /** As many of the objects as one more script gathers. */
  async #gather(key: Uint8Array, ids: readonly ObjectId[], call: Call): Promise<ReadReply> {
    const args = readArguments([readRequest({ type: 'objects', ids })], this.#limits.budgetBytes, [])
    const page = decodeReadPage(await this.#scripts.run(scripts.read, key, args, call))
    if (page === undefined) throw faultOfStatus(status.passed)
    return page
  }
}

/** The fault of an object that is referred to and was there before. */
function firstMissing(absent: readonly ObjectId[], { heads }: Wanted): DriverFault | undefined {
  for (const id of absent) {
    const referrer = heads.get(id)
    if (referrer !== undefined && referrer !== theRead) return missingObject(id, referrer)
  }
  return undefined
}

interface Begun {
  readonly drafts: readonly Draft[]
  readonly pending: readonly PendingRecord[]
  readonly known: Known
  readonly pool: ObjectPool
  /** How many objects the script gave. */
  readonly gathered: number
}

/** Gives the fault of a record whose parts are gone. */
async function fetchRecords(
  native: NativeReads,
  pending: readonly PendingRecord[],
): Promise<DriverFault | undefined> {
  const faults = await Promise.all(
    pending.map(async ({ record, content }) => {
      const bytes = content.token && (await native.fetchParts(content, content.token))
      if (bytes === undefined)
        return corrupt(`the parts of ${describeRecord(record.key)} are missing or damaged`)
      record.bytes = bytes
      return undefined
    }),
  )
  return faults.find((fault) => fault !== undefined)
}

/** Gives the fault of something that is gone. */
async function fetchAll(
  native: NativeReads,
  wanted: Wanted,
  pool: ObjectPool,
): Promise<DriverFault | undefined> {
  const heads = [...wanted.heads].map(([id, referrer]) => addHead(native, id, referrer, pool))
  const splits = [...wanted.splits.values()].map(({ head, referrer }) =>
    addParts(native, head, referrer, pool),
  )
  const faults = await Promise.all([...heads, ...splits])
  return faults.find((fault) => fault !== undefined)
}

async function addHead(
  native: NativeReads,
  id: ObjectId,
  referrer: Referrer,
  pool: ObjectPool,
): Promise<DriverFault | undefined> {
  const member = await native.fetchHead(id)
  if (member !== undefined) pool.addMember(member)
  else if (referrer === theRead) pool.addGathered([], [id])
  else return missingObject(id, referrer)
  return undefined
}

async function addParts(
  native: NativeReads,
  head: SplitHead,
  referrer: Referrer,
  pool: ObjectPool,
): Promise<DriverFault | undefined> {
  const bytes = await native.fetchParts(head.content, head.content.token ?? Buffer.from(head.id, 'hex'))
  if (bytes === undefined) {
    return referredTo(corrupt(`the parts of ${describeObject(head.id)} are missing or damaged`), referrer)
  }
  pool.complete(head, bytes)
  return undefined
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
