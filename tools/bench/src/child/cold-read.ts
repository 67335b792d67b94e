import { Redis } from 'ioredis'
import { contentOf, expectSame, latestMessages, messagesOf } from '../workloads/read-back.js'
import { Script, chatGraph, onThread } from '../workloads/chat-graph.js'
import { contenderOf } from '../savers/index.js'
import { type OpenedContender, type Places, required } from '../savers/contender.js'
import { socketTotals } from './socket-meter.js'

/** A thread that one process grows and another opens. */
export interface ColdThread {
  readonly contender: string
  readonly places: Places
  readonly thread: string
  readonly seed: number
  readonly messages: number
  /** How many questions and answers one update of the graph adds. */
  readonly turnsPerUpdate: number
  /** How often the thread is opened again with nothing cached, after the first time. */
  readonly laterReads: number
  /** Where the same state is stored as one string, for `coldGet`. */
  readonly plainUrl: string | undefined
}

/** The first read of a process that has the thread's storage open and nothing of it in memory. */
export interface ColdRead {
  readonly ms: number
  readonly bytesReceived: number
  readonly trips: number
}

const BYTES = 500

/** Grows the thread, and stores its state as one string as well. */
export async function growThread(request: ColdThread): Promise<{ readonly plainBytes: number }> {
  const { contender, places, thread, seed, messages, turnsPerUpdate, plainUrl } = request
  const opened = await contenderOf(contender).open(places, 'empty')
  try {
    const script = new Script(seed, BYTES, messages / 2)
    const graph = chatGraph(opened.saver, script)
    const all = script.messages(messages / 2)
    for (let turn = 0; turn < messages / 2; turn += turnsPerUpdate) {
      if (turnsPerUpdate === 1) await graph.invoke(script.question(turn), onThread(thread))
      else {
        const added = all.slice(2 * turn, 2 * (turn + turnsPerUpdate))
        await graph.updateState(onThread(thread), { messages: added }, 'answer')
      }
    }
    const tuple = await opened.saver.getTuple(onThread(thread))
    const found = messagesOf(tuple?.checkpoint.channel_values).map(contentOf)
    expectSame('messages', found, all.map(contentOf))
    const plain = JSON.stringify(tuple?.checkpoint)
    if (plainUrl !== undefined) await storePlain(plainUrl, thread, plain)
    return { plainBytes: Buffer.byteLength(plain) }
  } finally {
    await opened.close()
  }
}

/** Opens what another process has grown. */
export class ColdReader {
  readonly #request: ColdThread
  readonly #opened: OpenedContender

  static async open(request: ColdThread): Promise<ColdReader> {
    return new ColdReader(request, await contenderOf(request.contender).open(request.places, 'keep'))
  }

  private constructor(request: ColdThread, opened: OpenedContender) {
    this.#request = request
    this.#opened = opened
  }

  async first(): Promise<ColdRead> {
    const { thread, seed, messages } = this.#request
    const { result, read } = await measured(async () => await this.#opened.saver.getTuple(onThread(thread)))
    const expected = new Script(seed, BYTES, messages / 2).messages(messages / 2).map(contentOf)
    expectSame('messages', messagesOf(result?.checkpoint.channel_values).map(contentOf), expected)
    return read
  }

  /** How long it takes with nothing cached once the code has run before. */
  async again(): Promise<readonly number[]> {
    const { thread, messages, laterReads } = this.#request
    const times: number[] = []
    for (let at = 0; at < laterReads; at++) {
      const saver = await this.#opened.reopen()
      // The connection of a saver that was opened anew is made before the clock runs.
      await saver.getTuple(onThread('nobody'))
      const { result, read } = await measured(async () => await latestMessages(saver, thread))
      if (result.length !== messages) throw new Error(`${result.length} messages were read, not ${messages}`)
      times.push(read.ms)
    }
    return times
  }

  async close(): Promise<void> {
    await this.#opened.close()
  }
}

/** What the reads are held against: one GET of the same state, and the parse; the first one and later ones. */
export async function getCold(request: ColdThread): Promise<{ first: ColdRead; again: readonly number[] }> {
  const { plainUrl, thread, messages, laterReads } = request
  const client = new Redis(required(plainUrl, 'Redis'))
  try {
    await client.ping()
    const get = async (): Promise<ColdRead> => {
      const { result, read } = await measured(
        async () => JSON.parse((await client.get(plainKey(thread))) ?? 'null') as PlainState | null,
      )
      if (result?.channel_values.messages.length !== messages) throw new Error('The plain state is not there')
      return read
    }
    const first = await get()
    const again: number[] = []
    for (let at = 0; at < laterReads; at++) again.push((await get()).ms)
    return { first, again }
  } finally {
    await client.quit()
  }
}

async function measured<T>(work: () => Promise<T>): Promise<{ result: T; read: ColdRead }> {
  const before = socketTotals()
  const begin = performance.now()
  const result = await work()
  const ms = performance.now() - begin
  const after = socketTotals()
  const read = { ms, bytesReceived: after.received - before.received, trips: after.trips - before.trips }
  return { result, read }
}

interface PlainState {
  readonly channel_values: { readonly messages: readonly unknown[] }
}

function plainKey(thread: string): string {
  return `plain:${thread}`
}

async function storePlain(redisUrl: string, thread: string, plain: string): Promise<void> {
  const client = new Redis(redisUrl)
  try {
    await client.set(plainKey(thread), plain)
  } finally {
    await client.quit()
  }
}
