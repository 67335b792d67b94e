import { BaseMessage } from '@langchain/core/messages'
import type { RunnableConfig } from '@langchain/core/runnables'
import type { Checkpoint, CheckpointMetadata, CheckpointTuple } from '@langchain/langgraph-checkpoint'
import { Redis } from 'ioredis'
import { DoesNothingSaver } from './does-nothing-saver.js'

/** About what Cairn sends for a call of a chat with messages of 500 bytes. */
const CALL_BYTES = 1500

/**
 * What no saver on Redis gets below: LangGraph, a copy of each message that is handed out, because LangGraph changes what
 * it is given, and one command a call with the bare client. It stores nothing that could be read again.
 */
export class LeastSaver extends DoesNothingSaver {
  readonly #client: Redis
  readonly #bytes = Buffer.alloc(CALL_BYTES, 'x')

  constructor(redisUrl: string) {
    super()
    this.#client = new Redis(redisUrl)
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const [tuple] = await Promise.all([super.getTuple(config), this.#client.getBuffer('least')])
    return tuple && { ...tuple, checkpoint: copyOf(tuple.checkpoint) }
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
  ): Promise<RunnableConfig> {
    const [own] = await Promise.all([super.put(config, checkpoint, metadata), this.#send()])
    return own
  }

  override async putWrites(): Promise<void> {
    await this.#send()
  }

  async close(): Promise<void> {
    await this.#client.quit()
  }

  async #send(): Promise<void> {
    await this.#client.set('least', this.#bytes)
  }
}

function copyOf(checkpoint: Checkpoint): Checkpoint {
  const channels = Object.entries(checkpoint.channel_values)
  return {
    ...checkpoint,
    channel_versions: { ...checkpoint.channel_versions },
    versions_seen: copyOfData(checkpoint.versions_seen),
    channel_values: Object.fromEntries(channels.map(([channel, value]) => [channel, copyOfData(value)])),
  }
}

function copyOfData<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: unknown) => copyOfData(item)) as T
  if (BaseMessage.isInstance(value)) return copyOfMessage(value) as T
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return copyOfRecord(value as Record<string, unknown>) as T
}

function copyOfMessage(message: BaseMessage): BaseMessage {
  const fields = copyOfRecord(message.lc_kwargs)
  fields['id'] = message.id
  return new (message.constructor as new (fields: object) => BaseMessage)(fields)
}

/** Field by field: a copy made of entries, or by `{ ...record }`, may get a hidden class of its own in V8. */
function copyOfRecord(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(record)) copy[key] = copyOfData(record[key])
  return copy
}
