import { Redis } from 'ioredis'
import { contentOf, expectSame, latestMessages, messagesOf } from '../workloads/read-back.js'
import { Script, chatGraph, onThread } from '../workloads/chat-graph.js'
import { contenderOf } from '../savers/index.js'
import { type Places, required } from '../savers/contender.js'
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

export interface ColdRead {
  /** The first read of this process. */
  readonly firstMs: number
  /** Reads with nothing cached by a process that has run the code before. */
  readonly laterMs: readonly number[]
  readonly bytesReceived: number
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

export async function readCold(request: ColdThread): Promise<ColdRead> {
  const { contender, places, thread, seed, messages, laterReads } = request
  const opened = await contenderOf(contender).open(places, 'keep')
  try {
    const before = socketTotals().received
    const begin = performance.now()
    const tuple = await opened.saver.getTuple(onThread(thread))
    const firstMs = performance.now() - begin
    const bytesReceived = socketTotals().received - before
    const expected = new Script(seed, BYTES, messages / 2).messages(messages / 2).map(contentOf)
    expectSame('messages', messagesOf(tuple?.checkpoint.channel_values).map(contentOf), expected)
    const laterMs: number[] = []
    for (let read = 0; read < laterReads; read++) {
      const saver = await opened.reopen()
      // The connection of a saver that was opened anew is made before the clock runs.
      await saver.getTuple(onThread('nobody'))
      const again = performance.now()
      const found = await latestMessages(saver, thread)
      laterMs.push(performance.now() - again)
      if (found.length !== messages) throw new Error(`${found.length} messages were read, not ${messages}`)
    }
    return { firstMs, laterMs, bytesReceived }
  } finally {
    await opened.close()
  }
}

/** What the reads are held against: one GET of the same state, and the parse. */
export async function getCold({ plainUrl, thread, messages, laterReads }: ColdThread): Promise<ColdRead> {
  const client = new Redis(required(plainUrl, 'Redis'))
  try {
    await client.ping()
    const times: number[] = []
    let bytesReceived = 0
    for (let read = 0; read <= laterReads; read++) {
      const before = socketTotals().received
      const begin = performance.now()
      const state = JSON.parse((await client.get(plainKey(thread))) ?? 'null') as PlainState | null
      times.push(performance.now() - begin)
      bytesReceived = socketTotals().received - before
      if (state?.channel_values.messages.length !== messages) throw new Error('The plain state is not there')
    }
    const [firstMs = 0, ...laterMs] = times
    return { firstMs, laterMs, bytesReceived }
  } finally {
    await client.quit()
  }
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
