import { type BaseCheckpointSaver, emptyCheckpoint, uuid6 } from '@langchain/langgraph-checkpoint'
import { Redis } from 'ioredis'
import { type OpenedContender, type Places, required } from '../savers/contender.js'
import { contenderOf } from '../savers/index.js'
import { texts } from '../workloads/text.js'
import { collectYoung } from './collect-young.js'

/** A text of so many bytes that is stored and read as a whole. */
export interface LargeRequest {
  /** `undefined`: the bare client, with one SET and one GET. */
  readonly contender: string | undefined
  readonly places: Places
  /** What the names of the threads begin with. */
  readonly thread: string
  readonly seed: number
  readonly bytes: number
}

/** Whoever stores and reads the text. What is timed resolves to milliseconds. */
export interface LargeValue {
  /** Stores another text of the same length, where there was nothing. */
  put(): Promise<number>
  /** Whoever reads next knows only what is stored, and is connected. */
  forget(): Promise<void>
  /** Reads what was stored last. Rejects if that is something else. */
  get(): Promise<number>
  close(): Promise<void>
}

export async function openLargeValue(request: LargeRequest): Promise<LargeValue> {
  const { contender, places, thread, seed, bytes } = request
  const source = new TextSource(seed, bytes)
  if (contender === undefined) return await BareValue.open(required(places.redisUrl, 'Redis'), thread, source)
  return new SavedValue(await contenderOf(contender).open(places, 'empty'), thread, source)
}

const METADATA = { source: 'loop' as const, step: 0, parents: {} }
const CHANNEL = 'document'

/** The only channel of a new thread. */
export class SavedValue implements LargeValue {
  readonly #opened: OpenedContender
  readonly #thread: string
  readonly #source: TextSource
  #saver: BaseCheckpointSaver

  constructor(opened: OpenedContender, thread: string, source: TextSource) {
    this.#opened = opened
    this.#thread = thread
    this.#source = source
    this.#saver = opened.saver
  }

  async put(): Promise<number> {
    const text = this.#source.next()
    const versions = { [CHANNEL]: 1 }
    const checkpoint = {
      ...emptyCheckpoint(),
      id: uuid6(0),
      channel_values: { [CHANNEL]: text },
      channel_versions: versions,
    }
    const { ms } = await timed(
      async () => await this.#saver.put(this.#config, checkpoint, METADATA, versions),
    )
    return ms
  }

  async forget(): Promise<void> {
    this.#saver = await this.#opened.reopen()
    await this.#saver.getTuple({ configurable: { thread_id: 'nobody', checkpoint_ns: '' } })
  }

  async get(): Promise<number> {
    const { ms, result } = await timed(async () => await this.#saver.getTuple(this.#config))
    assertSame(result?.checkpoint.channel_values[CHANNEL], this.#source.last)
    return ms
  }

  async close(): Promise<void> {
    await this.#opened.close()
  }

  get #config() {
    return { configurable: { thread_id: `${this.#thread}-${this.#source.count}`, checkpoint_ns: '' } }
  }
}

/** A key of its own. */
class BareValue implements LargeValue {
  readonly #client: Redis
  readonly #key: string
  readonly #source: TextSource

  static async open(url: string, key: string, source: TextSource): Promise<BareValue> {
    const client = new Redis(url)
    await client.ping()
    return new BareValue(client, key, source)
  }

  private constructor(client: Redis, key: string, source: TextSource) {
    this.#client = client
    this.#key = key
    this.#source = source
  }

  async put(): Promise<number> {
    const text = this.#source.next()
    return (await timed(async () => await this.#client.set(this.#name, text))).ms
  }

  async forget(): Promise<void> {}

  async get(): Promise<number> {
    const { ms, result } = await timed(async () => await this.#client.get(this.#name))
    assertSame(result, this.#source.last)
    return ms
  }

  async close(): Promise<void> {
    await this.#client.quit()
  }

  get #name(): string {
    return `${this.#key}-${this.#source.count}`
  }
}

const NUMBER_LENGTH = 8

/** Texts that differ, so that nobody keeps one of them for another. */
export class TextSource {
  readonly #bytes: Buffer
  count = 0
  last = ''

  constructor(seed: number, length: number) {
    this.#bytes = Buffer.from(texts(seed, length, 1)[0] ?? '', 'latin1')
  }

  next(): string {
    this.count += 1
    this.#bytes.write(String(this.count).padStart(NUMBER_LENGTH, '0'), 'latin1')
    this.last = this.#bytes.toString('latin1')
    return this.last
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  collectYoung()
  const begin = performance.now()
  const result = await work()
  return { ms: performance.now() - begin, result }
}

function assertSame(found: unknown, expected: string): void {
  if (found === expected) return
  const what = typeof found === 'string' ? `another text, of ${found.length} characters` : typeof found
  throw new Error(`the text of ${expected.length} characters was read back as ${what}`)
}
