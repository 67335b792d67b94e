import type { Keyspace, PartitionCommitOptions } from '@cairnkit/core'
import {
  type ChannelVersions,
  type Checkpoint,
  type CheckpointMetadata,
  INTERRUPT,
  type PendingWrite,
} from '@langchain/langgraph-checkpoint'
import type { HeadClaim } from '../../commit/head-step.js'
import type { Committed } from '../../commit/thread-commit.js'
import type { ThreadCommits } from '../../commit/thread-commits.js'
import type { LifetimeStep } from '../../commit/thread-write.js'
import { type ValueRef, refsOfValue } from '../../engine/fragments/value-ref.js'
import { findDecoded } from '../../engine/objects/find-decoded.js'
import type { ObjectCache } from '../../engine/objects/object-cache.js'
import { type EncodedValue, type PlacedValue, placeValue } from '../../engine/objects/place-value.js'
import { UnstorableValue } from '../../engine/values/unstorable-value.js'
import type { ValueCodec } from '../../engine/values/value-codec.js'
import type { ThreadExpiry, TimedWrite } from '../../expiry/thread-expiry.js'
import { topsOf } from '../../knowledge/at-hand.js'
import type { KnownThreads } from '../../knowledge/known-threads.js'
import { SideLines } from '../../knowledge/side-lines.js'
import { valueRefAt } from '../../knowledge/thread-knowledge.js'
import { type RunTags, type Versions, decodeCheckpointRecord } from '../../records/checkpoint-record.js'
import { checkpointsPrefix } from '../../records/keys.js'
import { placeOf } from '../../records/stored-data-error.js'
import { mapMaybeAsync } from '../map-maybe-async.js'
import { broughtFor, standsFor } from '../reading/unreadable-values.js'
import type { CheckpointAddress } from '../thread-config.js'
import { type ChannelValue, CheckpointDraft } from './checkpoint-draft.js'
import { type Origin, type UnchangedChannel, originOf } from './origin.js'
import { PendingWritesDraft } from './pending-writes-draft.js'

/** How many checkpoints are looked at, on either end, to find out whether a channel was ever stored. */
const LOOK_AROUND = 16

/** Up to this size the value of a channel stays in each checkpoint that has it; a larger one is stored once. */
const INLINE_CHANNEL_BYTES = 128

/** A write is read once or never, so it may be larger. */
const INLINE_WRITE_BYTES = 1024

/** What a put says besides the checkpoint. */
export interface PutContext {
  readonly claim: HeadClaim
  readonly run: RunTags
  /** The life of its own that the thread gets, in milliseconds. */
  readonly ttlMs: number | undefined
}

/** What a call says besides its writes. */
export interface WritesContext {
  readonly taskId: string
  readonly taskPath: string
  /** As that of a put. */
  readonly ttlMs: number | undefined
}

/** What became of a thread with a write. */
export type Outcome = Pick<Committed<never>, 'created' | 'ttlMs'>

/** Stores checkpoints and pending writes. */
export class CheckpointWriter {
  readonly #threads: Keyspace
  readonly #knownThreads: KnownThreads
  readonly #codec: ValueCodec
  readonly #cache: ObjectCache
  readonly #commits: ThreadCommits
  readonly #expiry: ThreadExpiry
  readonly #sideLines = new SideLines()

  constructor(
    threads: Keyspace,
    commits: ThreadCommits,
    expiry: ThreadExpiry,
    shared: { readonly knownThreads: KnownThreads; readonly codec: ValueCodec; readonly cache: ObjectCache },
  ) {
    this.#threads = threads
    this.#commits = commits
    this.#expiry = expiry
    this.#knownThreads = shared.knownThreads
    this.#codec = shared.codec
    this.#cache = shared.cache
  }

  /**
   * Stores a checkpoint: its record, and the objects that its changed channels reach. `newVersions` of `undefined`: every
   * channel is new. A `claim` on the head does not hold for
   * what this process put beside it.
   *
   * Everything that is read of the arguments is read before the first await: LangGraph goes on and changes them. The
   * value of an unchanged channel is taken to pieces too, because it must be sent again if the thread has gone meanwhile.
   */
  async storeCheckpoint(
    address: CheckpointAddress,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions | undefined,
    { claim, run, ttlMs }: PutContext,
    options: PartitionCommitOptions,
  ): Promise<Outcome> {
    const { channel_values: channelValues, channel_versions: channelVersions, ...bare } = checkpoint
    const values = channelValues ?? {}
    const { threadId, namespace, checkpointId: parentId } = address
    const versions = new Map(Object.entries(channelVersions ?? {}))
    const channels = Object.keys(values)
    const unchangedVersion = (channel: string): string | number | undefined =>
      newVersions === undefined || Object.hasOwn(newVersions, channel) ? undefined : versions.get(channel)
    const parent =
      parentId === undefined ? undefined : this.#knownThreads.get(threadId)?.checkpoint(namespace, parentId)
    this.#cache.startUse()
    type Piece = EncodedValue | PlacedValue
    const pieces: readonly (() => Piece | Promise<Piece>)[] = [
      () => storable('the checkpoint', () => this.#codec.encode(bare)),
      () => storable('its metadata', () => this.#codec.encode(metadata)),
      ...channels.map((channel) => () => {
        const version = unchangedVersion(channel)
        const valueRef =
          version === undefined || parent === undefined ? undefined : valueRefAt(parent, channel, version)
        return (
          (valueRef && this.#kept(valueRef)) ??
          this.#placed(channel, broughtFor(values, channel), INLINE_CHANNEL_BYTES)
        )
      }),
    ]
    const encoding = mapMaybeAsync(pieces, (make) => make())
    const [encodedBare, encodedMetadata, ...placed] = (
      encoding instanceof Promise ? await encoding : encoding
    ) as readonly [EncodedValue, EncodedValue, ...PlacedValue[]]
    const brought = channels.map((channel, at) => ({
      channel,
      own: placed[at] as PlacedValue,
      version: unchangedVersion(channel),
    }))
    const isBeside = claim === 'head' && this.#sideLines.has(threadId, namespace, parentId)
    const claimed: HeadClaim = isBeside ? 'fork' : claim
    const draft = new CheckpointDraft(
      {
        threadId,
        namespace,
        id: checkpoint.id,
        parentId,
        claim: claimed,
        isMadeOfParent: isMadeOfWrites(metadata, values, versions),
        partition: this.#threads.partition(threadId).id,
      },
      this.#lifetime({ threadId, kind: 'checkpoint', namespace, checkpointId: checkpoint.id, ttlMs }),
      {
        checkpoint: encodedBare,
        metadata: encodedMetadata,
        run,
        versions,
        channels: await this.#channels(address, brought),
      },
    )
    const { known, stored, ...outcome } = await this.#commits.commit(draft, options)
    const { manifest } = stored
    if (claimed === 'fork') {
      this.#sideLines.put(threadId, namespace, { id: checkpoint.id, parentId, head: known.head(namespace) })
    }
    known.addCheckpoint(namespace, checkpoint.id, { manifest, versions })
    known.seeTops(namespace, topsOf(this.#cache, [...manifest.values()].flatMap(refsOfValue)))
    this.#knownThreads.weigh(threadId, known)
    return outcome
  }

  /** Stores pending writes; they may arrive before their checkpoint. */
  async storeWrites(
    address: CheckpointAddress & { readonly checkpointId: string },
    writes: readonly PendingWrite[],
    { taskId, taskPath, ttlMs }: WritesContext,
    options: PartitionCommitOptions,
  ): Promise<Outcome> {
    const channels = writes.map(([channel]) => channel)
    this.#cache.startUse()
    const placing = mapMaybeAsync(writes, ([channel, value]) =>
      this.#placed(channel, value, INLINE_WRITE_BYTES),
    )
    const placed = placing instanceof Promise ? await placing : placing
    const partition = this.#threads.partition(address.threadId).id
    const draft = new PendingWritesDraft(
      { ...address, taskId, taskPath, partition },
      this.#lifetime({
        ...address,
        kind: channels.includes(INTERRUPT) ? 'interrupt' : 'other writes',
        ttlMs,
      }),
      placed.map((value, at) => [channels[at] as string, value] as const),
    )
    const { created, ttlMs: leftMs } = await this.#commits.commit(draft, options)
    return { created, ttlMs: leftMs }
  }

  #lifetime(write: TimedWrite): LifetimeStep | undefined {
    return this.#expiry.stepOf(write, this.#knownThreads.get(write.threadId)?.expires === true)
  }

  /** A value in pieces, as the caller brings it: what stands for one that cannot be made again is stored as that is. */
  #placed(channel: string, value: unknown, inlineBytes: number): PlacedValue | Promise<PlacedValue> {
    const unread = standsFor(value)
    if (unread !== undefined) return unread
    const encoding = storable(channelNamed(channel), () => this.#codec.encode(value))
    return encoding instanceof Promise
      ? encoding.then((encoded) => placeValue(encoded, inlineBytes))
      : placeValue(encoding, inlineBytes)
  }

  /** The pieces of a value that the thread holds, if all that it reaches is at hand. */
  #kept(valueRef: ValueRef): PlacedValue | undefined {
    const children = findDecoded(this.#cache, refsOfValue(valueRef))
    return children && { valueRef, children }
  }

  /** The channels that the checkpoint holds. One round trip more when the process has not seen the parent. */
  async #channels(
    address: CheckpointAddress,
    brought: readonly BroughtChannel[],
  ): Promise<ReadonlyMap<string, ChannelValue>> {
    const unchanged = brought.filter(isUnchanged)
    let origins = this.#origins(address, unchanged, false)
    if (origins.some(({ kind }) => kind === 'unseen')) {
      await this.#lookUp(address, unchanged)
      origins = this.#origins(address, unchanged, true)
    }
    const originOfChannel = new Map(unchanged.map(({ channel }, at) => [channel, origins[at] as Origin]))
    const channels = new Map<string, ChannelValue>()
    for (const { channel, own } of brought) {
      const origin = originOfChannel.get(channel)
      if (origin?.kind === 'none') continue
      channels.set(channel, { own, carried: origin?.kind === 'carried' ? origin.valueRef : undefined })
    }
    return channels
  }

  #origins(
    address: CheckpointAddress,
    unchanged: readonly UnchangedChannel[],
    isLookedUp: boolean,
  ): readonly Origin[] {
    const known = this.#knownThreads.get(address.threadId)
    return unchanged.map((channel) => originOf(channel, address, known, isLookedUp))
  }

  /** Learns of the thread what the process does not know: the parent, its children, the newest checkpoints. */
  async #lookUp(address: CheckpointAddress, unchanged: readonly UnchangedChannel[]): Promise<void> {
    const { threadId, namespace, checkpointId: parentId } = address
    const prefix = checkpointsPrefix(namespace)
    const ids = unchanged.flatMap(({ own: { valueRef } }) =>
      valueRef.kind === 'object' ? [valueRef.id] : [],
    )
    const [newest, children, objects, info] = await this.#threads.partition(threadId).read([
      { type: 'groups', prefix, limit: LOOK_AROUND, reverse: true },
      // The source of a copy is a child of the parent, and those come soon after it.
      { type: 'groups', prefix, from: parentId ?? '', limit: LOOK_AROUND },
      { type: 'objects', ids },
      { type: 'info' },
    ])
    if (info.epoch === null) return
    const known = this.#knownThreads.learn(threadId, info.epoch, objects.objects.keys())
    // The parent last: memory keeps what came last, and the parent matters most.
    for (const { element, record } of [...newest.groups, ...children.groups.toReversed()]) {
      if (record === undefined) continue
      const at = placeOf(this.#threads, threadId, namespace, element)
      known.addCheckpoint(namespace, element, decodeCheckpointRecord(record, at))
    }
    this.#knownThreads.weigh(threadId, known)
  }
}

/** Whether LangGraph makes the value of a channel of the writes of the ancestors, because the checkpoint has none. */
function isMadeOfWrites(
  metadata: CheckpointMetadata,
  values: Readonly<Record<string, unknown>>,
  versions: Versions,
): boolean {
  const { counters_since_delta_snapshot: counters } = metadata as {
    readonly counters_since_delta_snapshot?: unknown
  }
  if (typeof counters !== 'object' || counters === null) return false
  return Object.keys(counters).some((channel) => versions.has(channel) && !Object.hasOwn(values, channel))
}

function channelNamed(channel: string): string {
  return `channel ${JSON.stringify(channel)}`
}

/** Throws `TypeError`, or rejects with it, for a value that would be stored and not come back. */
function storable<Encoded>(
  part: string,
  encode: () => Encoded | Promise<Encoded>,
): Encoded | Promise<Encoded> {
  const refuse = (cause: unknown): never => {
    throw cause instanceof UnstorableValue ? new TypeError(`${part} holds ${cause.message}`) : cause
  }
  try {
    const encoded = encode()
    return encoded instanceof Promise ? encoded.catch(refuse) : encoded
  } catch (cause) {
    return refuse(cause)
  }
}

/** A channel of a checkpoint that is being stored. */
interface BroughtChannel {
  readonly channel: string
  /** As the caller brought it. */
  readonly own: PlacedValue
  /** `undefined`: it is new, or has none. */
  readonly version: string | number | undefined
}

function isUnchanged(channel: BroughtChannel): channel is BroughtChannel & UnchangedChannel {
  return channel.version !== undefined
}
