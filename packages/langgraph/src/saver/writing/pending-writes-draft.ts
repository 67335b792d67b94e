import type { FindObjects, LifetimeStep, Stored, ThreadWrite } from '../../commit/thread-write.js'
import type { PlacedValue } from '../../engine/objects/place-value.js'
import { writeKey } from '../../records/keys.js'
import { encodeWriteRecord, writeIndex } from '../../records/write-record.js'

/** Whose pending writes they are. */
export interface TaskPlace {
  readonly threadId: string
  readonly namespace: string
  readonly checkpointId: string
  readonly taskId: string
  readonly taskPath: string
  /** The partition of the thread. */
  readonly partition: string
}

/** The pending writes of a task that are going to be stored. They refer to nothing that the thread holds already. */
export class PendingWritesDraft implements ThreadWrite {
  readonly threadId: string
  readonly namespace: string
  readonly checkpointId: string
  readonly head: undefined
  readonly lifetime: LifetimeStep | undefined
  readonly relying: Stored

  constructor(
    place: TaskPlace,
    lifetime: LifetimeStep | undefined,
    writes: readonly (readonly [channel: string, value: PlacedValue])[],
  ) {
    const { threadId, namespace, checkpointId, taskId, taskPath, partition } = place
    this.threadId = threadId
    this.namespace = namespace
    this.checkpointId = checkpointId
    this.lifetime = lifetime
    this.relying = {
      children: writes.flatMap(([, { children }]) => children),
      carried: { objects: [], ids: [] },
      records: writes.map(([channel, { valueRef }], position) => {
        const index = writeIndex(channel, position)
        return {
          type: index < 0 ? 'put' : 'insert',
          key: writeKey(namespace, checkpointId, taskId, index),
          ...encodeWriteRecord({ channel, taskPath, value: valueRef }, partition),
        }
      }),
    }
  }

  whole(_find: FindObjects): Stored {
    return this.relying
  }
}
