import { isDeepStrictEqual } from 'node:util'
import type { RunnableConfig } from '@langchain/core/runnables'
import {
  BaseCheckpointSaver,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  type DeltaChannelHistory,
  type PendingWrite,
  type SerializerProtocol,
  TASKS,
  WRITES_IDX_MAP,
  compareWritesSortKeys,
  maxChannelVersion,
  writesSortKey,
} from '@langchain/langgraph-checkpoint'
import { type Address, addressOf, configOf, textOf } from './address.js'
import type {
  Encoded,
  Namespace,
  PlainStorage,
  StoredCheckpoint,
  StoredWrite,
  Version,
} from './plain-storage.js'

/** A value that a put brings, and what is known of it. */
export interface BroughtValue {
  readonly channel: string
  readonly version: Version | undefined
  readonly value: Encoded
}

/** What a put says of versions. */
export interface NewVersions {
  readonly versions: ReadonlyMap<string, Version>
  /** `undefined`: it does not say which are new. */
  readonly newVersions: ReadonlySet<string> | undefined
}

/** A checkpoint, and where it stands. */
export interface Found {
  readonly threadId: string
  readonly namespace: string
  readonly checkpoint: StoredCheckpoint
}

/**
 * A checkpointer in memory: as small as one can be that keeps every rule of the suite. Each step that can go wrong is a
 * method, so that it can be changed and the suite be seen to notice.
 */
export class PlainSaver extends BaseCheckpointSaver {
  protected readonly storage: PlainStorage

  constructor(storage: PlainStorage, serde?: SerializerProtocol) {
    super(serde)
    this.storage = storage
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const found = this.find(this.address(config))
    return found && (await this.tupleOf(found))
  }

  override async *list(
    config: RunnableConfig,
    options: CheckpointListOptions = {},
  ): AsyncGenerator<CheckpointTuple> {
    const beforeId = options.before && this.address(options.before).checkpointId
    let left = this.limitOf(options)
    for (const found of this.inListingOrder(this.all(this.address(config)))) {
      if (left <= 0) return
      if (beforeId !== undefined && found.checkpoint.id >= beforeId) continue
      if (!(await this.matches(found, options.filter ?? {}))) continue
      left--
      yield await this.tupleOf(found)
    }
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions?: ChannelVersions,
  ): Promise<RunnableConfig> {
    const { threadId, namespace = '', checkpointId: parentId } = this.address(config)
    if (threadId === undefined) throw new TypeError('put needs a thread_id')
    const { id, channel_values: all, channel_versions, ...body } = checkpoint
    const versions = new Map(Object.entries(channel_versions))
    const changed = newVersions === undefined ? undefined : new Set(Object.keys(newVersions))
    const channels = Object.keys(all)
    // All is encoded before the first await: the caller goes on and changes it.
    const [encodedBody, encodedMetadata, encoded] = await Promise.all([
      this.encode({ id, ...body }),
      this.encode(metadata),
      Promise.all(channels.map((channel) => this.encode(all[channel]))),
    ])
    const values = new Map<string, Encoded>()
    const stored = this.storage.openNamespace(threadId, namespace)
    for (const [at, channel] of channels.entries()) {
      const brought = { channel, version: versions.get(channel), value: encoded[at] as Encoded }
      const isNew = this.isNew(channel, { versions, newVersions: changed })
      const value = isNew ? brought.value : this.carriedOver(stored, parentId, brought)
      if (value !== undefined) values.set(channel, value)
    }
    this.store({
      threadId,
      namespace,
      checkpoint: {
        id,
        parentId,
        runId: config.configurable?.['run_id'],
        body: encodedBody,
        metadata: encodedMetadata,
        versions,
        values,
      },
    })
    return configOf(threadId, namespace, id)
  }

  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
    taskPath = '',
  ): Promise<void> {
    const { threadId, namespace = '', checkpointId } = this.address(config)
    if (threadId === undefined) throw new TypeError('putWrites needs a thread_id')
    if (checkpointId === undefined) throw new TypeError('putWrites needs a checkpoint_id')
    const channels = writes.map(([channel]) => channel)
    const values = await Promise.all(writes.map(([, value]) => this.encode(value)))
    if (writes.length === 0) return
    const stored = this.storage.openNamespace(threadId, namespace)
    let all = stored.writes.get(checkpointId) ?? []
    for (const [at, channel] of channels.entries()) {
      const write = {
        taskId,
        taskPath,
        channel,
        index: this.indexOf(channel, at),
        value: values[at] as Encoded,
      }
      all = this.withWrite(all, write)
    }
    stored.writes.set(checkpointId, all)
  }

  override async deleteThread(threadId: string): Promise<void> {
    this.storage.threads.delete(textOf('thread_id', threadId))
  }

  async prune(
    threadIds: readonly string[],
    { strategy = 'keep_latest' }: { readonly strategy?: 'keep_latest' | 'delete' } = {},
  ): Promise<void> {
    for (const threadId of threadIds) {
      for (const [name, namespace] of this.storage.threads.get(threadId) ?? []) {
        if (strategy === 'delete') this.removeNamespace(threadId, name)
        else this.removeFrom(namespace, ({ id }) => id !== this.keptId(namespace))
      }
    }
  }

  async copyThread(sourceThreadId: string, targetThreadId: string): Promise<void> {
    for (const [name, namespace] of this.storage.threads.get(sourceThreadId) ?? [])
      this.copyTo(this.storage.openNamespace(targetThreadId, name), namespace)
  }

  async deleteForRuns(runIds: readonly string[]): Promise<void> {
    for (const namespaces of this.storage.threads.values())
      for (const [name, namespace] of namespaces)
        this.removeFrom(namespace, (checkpoint) => this.isOfRuns(checkpoint, runIds, name))
  }

  protected keptId(namespace: Namespace): string | undefined {
    return this.latestId(namespace)
  }

  protected removeNamespace(threadId: string, name: string): void {
    this.storage.threads.get(threadId)?.delete(name)
  }

  protected copyTo(target: Namespace, { checkpoints, writes, heads }: Namespace): void {
    for (const [id, checkpoint] of checkpoints) target.checkpoints.set(id, checkpoint)
    for (const [id, each] of writes) target.writes.set(id, each)
    for (const [largest, head] of heads) target.heads.set(largest, head)
  }

  protected isOfRuns({ runId }: StoredCheckpoint, runIds: readonly string[], _namespace: string): boolean {
    return typeof runId === 'string' && runIds.includes(runId)
  }

  protected removeFrom(
    { checkpoints, writes }: Namespace,
    isGone: (checkpoint: StoredCheckpoint) => boolean,
  ): void {
    const gone = [...checkpoints.values()].filter(isGone)
    for (const { id } of gone) {
      checkpoints.delete(id)
      writes.delete(id)
    }
  }

  override async getDeltaChannelHistory(options: {
    config: RunnableConfig
    channels: string[]
  }): Promise<Record<string, DeltaChannelHistory>> {
    const target = this.find(this.address(options.config))
    const ancestors = target === undefined ? [] : [...this.ancestorsOf(target)]
    const histories = options.channels.map(
      async (channel) => [channel, await this.historyOf(channel, ancestors)] as const,
    )
    return Object.fromEntries(await Promise.all(histories))
  }

  protected address(config: RunnableConfig): Address {
    return addressOf(config)
  }

  protected find({ threadId, namespace = '', checkpointId }: Address): Found | undefined {
    if (threadId === undefined) return undefined
    const stored = this.storage.namespace(threadId, namespace)
    const checkpoint = stored.checkpoints.get(checkpointId ?? this.latestId(stored) ?? '')
    return checkpoint && { threadId, namespace, checkpoint }
  }

  protected latestId({ checkpoints, heads }: Namespace): string | undefined {
    const largest = [...checkpoints.keys()].sort().at(-1)
    return heads.get(largest ?? '') ?? largest
  }

  /** What an address speaks of, in no order. */
  protected all(address: Address): Found[] {
    return [...this.storage.threads].flatMap(([threadId, namespaces]) =>
      [...namespaces].flatMap(([namespace, { checkpoints }]) =>
        [...checkpoints.values()]
          .map((checkpoint) => ({ threadId, namespace, checkpoint }))
          .filter((found) => this.isAt(found, address)),
      ),
    )
  }

  protected isAt(
    { threadId, namespace, checkpoint }: Found,
    { threadId: wantedThread, namespace: wantedNamespace, checkpointId: wantedId }: Address,
  ): boolean {
    return (
      (wantedThread === undefined || threadId === wantedThread) &&
      (wantedNamespace === undefined || namespace === wantedNamespace) &&
      (wantedId === undefined || checkpoint.id === wantedId)
    )
  }

  protected inListingOrder(all: readonly Found[]): Found[] {
    return all.toSorted((left, right) => (left.checkpoint.id < right.checkpoint.id ? 1 : -1))
  }

  protected limitOf({ limit = Number.POSITIVE_INFINITY }: CheckpointListOptions): number {
    return limit
  }

  protected async matches(
    { checkpoint }: Found,
    filter: Readonly<Record<string, unknown>>,
  ): Promise<boolean> {
    const metadata = (await this.decode(checkpoint.metadata)) as Record<string, unknown>
    return Object.entries(filter).every(
      ([key, value]) =>
        value === undefined || (Object.hasOwn(metadata, key) && this.equals(metadata[key], value)),
    )
  }

  /** As JSON: a key whose value is `undefined` is none. */
  protected equals(left: unknown, right: unknown): boolean {
    return isDeepStrictEqual(asJson(left), asJson(right))
  }

  /** A value that is not said to be old, or of which nobody could say it: its channel has no version. */
  protected isNew(channel: string, { versions, newVersions }: NewVersions): boolean {
    return newVersions === undefined || newVersions.has(channel) || !versions.has(channel)
  }

  /**
   * The value of a channel that a put does not change: what the parent holds at this version. Where the parent is gone,
   * or holds another version because this is a copy of a sibling, the value that was brought, if such a one was stored.
   */
  protected carriedOver(
    { checkpoints }: Namespace,
    parentId: string | undefined,
    { channel, version, value }: BroughtValue,
  ): Encoded | undefined {
    const parent = parentId === undefined ? undefined : checkpoints.get(parentId)
    if (parent === undefined && parentId !== undefined) return value
    if (parent?.versions.get(channel) === version) return parent?.values.get(channel)
    const wasStored = [...checkpoints.values()].some(
      ({ versions, values }) => versions.get(channel) === version && values.has(channel),
    )
    return wasStored ? value : undefined
  }

  protected store({ threadId, namespace, checkpoint }: Found): void {
    const stored = this.storage.openNamespace(threadId, namespace)
    const { checkpoints, heads } = stored
    if (this.becomesHead(stored, checkpoint)) {
      const largest = [...checkpoints.keys(), checkpoint.id].sort().at(-1)
      if (largest !== undefined) heads.set(largest, checkpoint.id)
    }
    checkpoints.set(checkpoint.id, checkpoint)
  }

  /** One that is put on the head, whatever its id. One whose id is the largest is the head without more. */
  protected becomesHead(stored: Namespace, { id, parentId }: StoredCheckpoint): boolean {
    return !stored.checkpoints.has(id) && parentId !== undefined && parentId === this.latestId(stored)
  }

  /** Negative for special channels, of which the last write counts. */
  protected indexOf(channel: string, position: number): number {
    return Object.hasOwn(WRITES_IDX_MAP, channel) ? (WRITES_IDX_MAP[channel] as number) : position
  }

  protected withWrite(all: readonly StoredWrite[], write: StoredWrite): readonly StoredWrite[] {
    const others = all.filter((other) => !this.isSameWrite(other, write))
    return others.length < all.length && !this.replaces(write) ? all : [...others, write]
  }

  protected isSameWrite(left: StoredWrite, right: StoredWrite): boolean {
    return left.taskId === right.taskId && left.index === right.index
  }

  protected replaces({ index }: StoredWrite): boolean {
    return index < 0
  }

  protected writesOf(
    { threadId, namespace }: Omit<Found, 'checkpoint'>,
    checkpointId: string,
  ): StoredWrite[] {
    const writes = this.storage.namespace(threadId, namespace).writes.get(checkpointId) ?? []
    return writes.toSorted((left, right) => this.compareWrites(left, right))
  }

  protected compareWrites(left: StoredWrite, right: StoredWrite): number {
    return compareWritesSortKeys(
      writesSortKey(left.taskPath, left.taskId, left.index),
      writesSortKey(right.taskPath, right.taskId, right.index),
    )
  }

  protected async pendingWritesOf(writes: readonly StoredWrite[]): Promise<CheckpointPendingWrite[]> {
    return await Promise.all(
      writes.map(async ({ taskId, channel, value }): Promise<CheckpointPendingWrite> => [
        taskId,
        channel,
        await this.decode(value),
      ]),
    )
  }

  protected async tupleOf(found: Found): Promise<CheckpointTuple> {
    const { threadId, namespace, checkpoint: stored } = found
    const values = await Promise.all(
      [...stored.values].map(async ([channel, value]) => [channel, await this.decode(value)] as const),
    )
    const checkpoint = {
      ...((await this.decode(stored.body)) as Checkpoint),
      channel_values: Object.fromEntries(values),
      channel_versions: Object.fromEntries(stored.versions),
    }
    if (stored.parentId !== undefined && this.lacksItsSends(checkpoint))
      await this.addSends(checkpoint, this.writesOf(found, stored.parentId))
    return {
      config: configOf(threadId, namespace, stored.id),
      checkpoint,
      metadata: (await this.decode(stored.metadata)) as CheckpointMetadata,
      pendingWrites: await this.pendingWritesOf(this.writesOf(found, stored.id)),
      ...(stored.parentId === undefined
        ? {}
        : { parentConfig: configOf(threadId, namespace, stored.parentId) }),
    }
  }

  /** Before format 4 the sends of a superstep were in the pending writes of the parent alone. */
  protected lacksItsSends(checkpoint: Checkpoint): boolean {
    return checkpoint.v < 4
  }

  protected async addSends(checkpoint: Checkpoint, writes: readonly StoredWrite[]): Promise<void> {
    const sends = await this.pendingWritesOf(writes.filter(({ channel }) => channel === TASKS))
    const versions = Object.values(checkpoint.channel_versions)
    checkpoint.channel_values[TASKS] = sends.map(([, , value]) => value)
    checkpoint.channel_versions[TASKS] =
      versions.length > 0 ? maxChannelVersion(...versions) : this.getNextVersion(undefined)
  }

  /** Nearest first. */
  protected *ancestorsOf({ threadId, namespace, checkpoint }: Found): Generator<Found> {
    const { checkpoints } = this.storage.namespace(threadId, namespace)
    let { parentId } = checkpoint
    while (parentId !== undefined) {
      const parent = checkpoints.get(parentId)
      if (parent === undefined) return
      yield { threadId, namespace, checkpoint: parent }
      ;({ parentId } = parent)
    }
  }

  protected async historyOf(channel: string, ancestors: readonly Found[]): Promise<DeltaChannelHistory> {
    const blocks: CheckpointPendingWrite[][] = []
    for (const ancestor of ancestors) {
      const writes = this.writesOf(ancestor, ancestor.checkpoint.id)
      blocks.unshift(await this.pendingWritesOf(writes.filter((write) => write.channel === channel)))
      const value = ancestor.checkpoint.values.get(channel)
      const seed = value && (await this.decode(value))
      if (seed !== undefined) return { writes: blocks.flat(), seed }
    }
    return { writes: blocks.flat() }
  }

  /** Bytes that nobody else holds. A serializer may hand back the very bytes that it was given. */
  protected async encode(value: unknown): Promise<Encoded> {
    const [type, bytes] = await this.serde.dumpsTyped(
      value instanceof Uint8Array ? Uint8Array.from(value) : value,
    )
    return [type, bytes]
  }

  protected async decode([type, bytes]: Encoded): Promise<unknown> {
    return (await this.serde.loadsTyped(type, Uint8Array.from(bytes))) as unknown
  }
}

function asJson(value: unknown): unknown {
  const text = JSON.stringify(value) as string | undefined
  return text === undefined ? undefined : (JSON.parse(text) as unknown)
}
