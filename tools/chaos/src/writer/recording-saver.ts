import type { StorageDriver } from '@cairnkit/core'
import { CairnSaver, type CairnSaverOptions } from '@cairnkit/langgraph'
import type { RunnableConfig } from '@langchain/core/runnables'
import {
  type ChannelVersions,
  type Checkpoint,
  type CheckpointMetadata,
  type PendingWrite,
  WRITES_IDX_MAP,
} from '@langchain/langgraph-checkpoint'
import type { AckLog } from '../log/ack-log.js'
import { digestOf } from '../log/digest.js'
import { type LoggedWrite, type Outcome, now } from '../log/entry.js'
import { loggedError } from './logged-error.js'

/** The saver under test; what it acknowledges and what it refuses is logged before the graph hears of it. */
export class RecordingSaver extends CairnSaver {
  readonly #log: AckLog
  readonly #ended: (thread: string, outcome: Outcome) => void

  constructor(
    driver: StorageDriver,
    options: CairnSaverOptions,
    log: AckLog,
    ended: (thread: string, outcome: Outcome) => void,
  ) {
    super(driver, options)
    this.#log = log
    this.#ended = ended
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    // Now, as the saver has to: LangGraph goes on and changes what it passed.
    const entry = {
      type: 'put',
      ...placeOf(config),
      parentId: textOf(config, 'checkpoint_id'),
      checkpointId: checkpoint.id,
      values: digestsOf(checkpoint),
      metadata: digestOf(metadata),
    } as const
    return await this.#record(entry.thread, super.put(config, checkpoint, metadata, newVersions), (outcome) =>
      this.#log.append({ ...entry, at: now(), outcome }),
    )
  }

  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
    taskPath?: string,
  ): Promise<void> {
    const entry = {
      type: 'writes',
      ...placeOf(config),
      checkpointId: textOf(config, 'checkpoint_id') ?? '',
      taskId,
      writes: writes.map(loggedWrite),
    } as const
    await this.#record(entry.thread, super.putWrites(config, writes, taskId, taskPath), (outcome) =>
      this.#log.append({ ...entry, at: now(), outcome }),
    )
  }

  async #record<T>(thread: string, call: Promise<T>, append: (outcome: Outcome) => void): Promise<T> {
    let outcome: Outcome = { ok: true }
    try {
      return await call
    } catch (error) {
      outcome = { ok: false, error: loggedError(error) }
      throw error
    } finally {
      append(outcome)
      this.#ended(thread, outcome)
    }
  }
}

/** The digests of all channels: also of those that were never written, whose defaults LangGraph puts. */
function digestsOf(checkpoint: Checkpoint): Record<string, string> {
  const channels = Object.entries(checkpoint.channel_values)
  return Object.fromEntries(channels.map(([channel, value]) => [channel, digestOf(value)]))
}

function loggedWrite([channel, value]: PendingWrite, position: number): LoggedWrite {
  return { index: WRITES_IDX_MAP[channel] ?? position, channel, digest: digestOf(value) }
}

function placeOf(config: RunnableConfig): { thread: string; namespace: string } {
  return {
    thread: textOf(config, 'thread_id') ?? '',
    namespace: textOf(config, 'checkpoint_ns') ?? '',
  }
}

function textOf(config: RunnableConfig, name: string): string | undefined {
  const value: unknown = config.configurable?.[name]
  return typeof value === 'string' ? value : undefined
}
