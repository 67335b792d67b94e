import { type CallOptions, type StorageError, tellObserver } from '@cairnkit/core'
import {
  type Checkpoint,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  TASKS,
  maxChannelVersion,
} from '@langchain/langgraph-checkpoint'
import type { Fragment } from '../../engine/fragments/fragment.js'
import { type ValueRef, refsOfValue } from '../../engine/fragments/value-ref.js'
import { findDecoded } from '../../engine/objects/find-decoded.js'
import type { ValueCodec } from '../../engine/values/value-codec.js'
import { corruptError, partOf } from '../../records/stored-data-error.js'
import type { WriteRecord } from '../../records/write-record.js'
import { mapMaybeAsync } from '../map-maybe-async.js'
import { configOf } from '../thread-config.js'
import type { CheckpointReads } from './checkpoint-reads.js'
import { readFailure } from './read-failure.js'
import type { StoredCheckpoint } from './stored-checkpoint.js'
import type { UnreadableObserver } from './unreadable-event.js'
import { type Stand, madeOrUnreadable, standIn } from './unreadable-values.js'

/** The first format of checkpoints whose pending sends are in a channel. */
const SENDS_IN_CHANNEL = 4

/** A checkpoint without its channels. */
export type CheckpointBody = Omit<Checkpoint, 'channel_values' | 'channel_versions'>

/** Makes the values of stored checkpoints, anew on each call: LangGraph changes what it is given. */
export class Tuples {
  readonly #codec: ValueCodec
  readonly #reads: CheckpointReads
  readonly #observer: UnreadableObserver | undefined
  readonly #firstVersion: () => string | number

  constructor(
    codec: ValueCodec,
    reads: CheckpointReads,
    observer: UnreadableObserver | undefined,
    firstVersion: () => string | number,
  ) {
    this.#codec = codec
    this.#reads = reads
    this.#observer = observer
    this.#firstVersion = firstVersion
  }

  /** The whole tuple. `stand`: what it has in the place of values of channels and writes that cannot be made again. */
  async tupleOf(stored: StoredCheckpoint, stand: Stand, options: CallOptions): Promise<CheckpointTuple> {
    const { threadId, namespace, id, record, writes } = stored
    const channels = [...record.manifest.keys()]
    const parts = mapMaybeAsync<() => unknown, unknown>(
      [
        () => this.bodyOf(stored),
        () => this.metadataOf(stored),
        ...writes.map((write) => () => this.#partOf(stored, write.value, nameOfWrite(write))),
        ...[...record.manifest].map(
          ([channel, valueRef]) =>
            () =>
              this.#partOf(stored, valueRef, nameOfChannel(channel)),
        ),
      ],
      (make) => make(),
    )
    const [bare, metadata, ...made] = parts instanceof Promise ? await parts : parts
    const values = made.slice(writes.length)
    // Built from entries, not by assignment: a channel may be called `__proto__`.
    const checkpoint = Object.assign(bare as CheckpointBody, {
      channel_values: Object.fromEntries(channels.map((channel, at) => [channel, values[at]])),
      channel_versions: Object.fromEntries(record.versions),
    })
    for (const [at, channel] of channels.entries()) {
      const error = standIn(checkpoint.channel_values, channel, values[at], stand)
      if (error !== undefined) this.#tell(stored, channel, undefined, error)
    }
    const pendingWrites = writes.map(({ taskId, channel }, at): CheckpointPendingWrite => {
      const write: CheckpointPendingWrite = [taskId, channel, made[at]]
      const error = standIn(write, 2, made[at], stand)
      if (error !== undefined) this.#tell(stored, channel, taskId, error)
      return write
    })
    if (checkpoint.v < SENDS_IN_CHANNEL && record.parentId !== undefined) {
      await this.#migratePendingSends(stored, record.parentId, checkpoint, options)
    }
    return {
      config: configOf(threadId, namespace, id),
      checkpoint,
      metadata: metadata as CheckpointMetadata,
      pendingWrites,
      ...(record.parentId === undefined
        ? {}
        : { parentConfig: configOf(threadId, namespace, record.parentId) }),
    }
  }

  /** The checkpoint without its channels. */
  bodyOf(stored: StoredCheckpoint): CheckpointBody | Promise<CheckpointBody> {
    return this.#objectOf(stored, stored.record.checkpoint, 'the body') as CheckpointBody
  }

  metadataOf(stored: StoredCheckpoint): CheckpointMetadata | Promise<CheckpointMetadata> {
    return this.#objectOf(stored, stored.record.metadata, 'the metadata') as CheckpointMetadata
  }

  /** The values of pending writes, in the order in which a superstep applies them. */
  pendingWritesOf(
    stored: StoredCheckpoint,
    writes: readonly WriteRecord[],
  ): CheckpointPendingWrite[] | Promise<CheckpointPendingWrite[]> {
    const named = (values: readonly unknown[]): CheckpointPendingWrite[] =>
      writes.map(({ taskId, channel }, at) => [taskId, channel, values[at]])
    const values = mapMaybeAsync(writes, (write) => this.#valueOf(stored, write.value, nameOfWrite(write)))
    return values instanceof Promise ? values.then(named) : named(values)
  }

  /** The value of a channel; a promise only where a serializer has to be asked. */
  channelOf(stored: StoredCheckpoint, channel: string, valueRef: ValueRef): unknown {
    return this.#valueOf(stored, valueRef, nameOfChannel(channel))
  }

  /** A value of a tuple, or `Unreadable`. Only a serializer can find that it makes none, and it is waited for. */
  #partOf(stored: StoredCheckpoint, valueRef: ValueRef, part: string): unknown {
    const value = this.#valueOf(stored, valueRef, part)
    if (!(value instanceof Promise)) return value
    return madeOrUnreadable(value, () => {
      const children = findDecoded(stored.view, refsOfValue(valueRef))
      return children && { valueRef, children }
    })
  }

  #tell(
    { threadId, namespace, id }: StoredCheckpoint,
    channel: string,
    taskId: string | undefined,
    error: StorageError,
  ): void {
    tellObserver('saver', () =>
      this.#observer?.onUnreadable?.({ threadId, namespace, checkpointId: id, channel, taskId, error }),
    )
  }

  #valueOf(stored: StoredCheckpoint, valueRef: ValueRef, part: string): unknown {
    const fail = (cause: unknown): never => {
      throw readFailure(partOf(stored.place, part), cause)
    }
    try {
      const fragment = valueRef.kind === 'inline' ? valueRef.fragment : stored.view.open(valueRef.id)
      const value = this.#codec.decode(fragment, stored.view.open)
      return value instanceof Promise ? value.catch(fail) : value
    } catch (cause) {
      return fail(cause)
    }
  }

  /** The body or the metadata: what everybody else takes for an object must be one. */
  #objectOf(stored: StoredCheckpoint, fragment: Fragment, part: string): object | Promise<object> {
    const checked = (value: unknown): object => {
      if (typeof value === 'object' && value !== null) return value
      throw corruptError(partOf(stored.place, part), 'is no object')
    }
    const value = this.#valueOf(stored, { kind: 'inline', fragment }, part)
    return value instanceof Promise ? value.then(checked) : checked(value)
  }

  /** Before format 4, the sends of a superstep were only in the parent's pending writes. */
  async #migratePendingSends(
    stored: StoredCheckpoint,
    parentId: string,
    checkpoint: Checkpoint,
    options: CallOptions,
  ): Promise<void> {
    const { threadId, namespace } = stored
    const { writes, place, view } = await this.#reads.readWrites(threadId, namespace, parentId, options)
    const sends = writes.filter((write) => write.channel === TASKS)
    const values = await this.pendingWritesOf({ ...stored, place, view }, sends)
    checkpoint.channel_values[TASKS] = values.map(([, , value]) => value)
    const versions = Object.values(checkpoint.channel_versions)
    checkpoint.channel_versions[TASKS] =
      versions.length > 0 ? maxChannelVersion(...versions) : this.#firstVersion()
  }
}

function nameOfChannel(channel: string): string {
  return `channel ${JSON.stringify(channel)}`
}

function nameOfWrite({ taskId, channel }: WriteRecord): string {
  return `the write of task ${JSON.stringify(taskId)} to channel ${JSON.stringify(channel)}`
}
