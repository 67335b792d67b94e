import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { StorageDriver } from '@cairnkit/core'
import { createMemoryDriver } from '@cairnkit/memory'
import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages'
import { emptyCheckpoint, uuid6 } from '@langchain/langgraph-checkpoint'
import { expect } from 'vitest'
import { CairnSaver, type CairnSaverOptions } from '../../src/index.js'

const MIB = 1024 * 1024
const metadata = { source: 'loop', step: 0, parents: {} } as const

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What lives, on the heap of V8 and beside it. */
async function liveBytes(): Promise<number> {
  // What an await holds is let go of.
  await new Promise((resolve) => setTimeout(resolve, 5))
  for (let round = 0; round < 3; round++) collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

let made = 0

/** Of so many bytes, like no other, and held by nothing but itself. */
function text(bytes: number, first = ''): string {
  made += 1
  return Buffer.from(`${first}${made} `.padEnd(bytes, 'x')).toString()
}

function chat(length: number, bytes: number, first = ''): BaseMessage[] {
  return Array.from({ length }, (_, at) => {
    const fields = { id: text(36), content: text(bytes, first) }
    if (at % 2 === 0) return new HumanMessage(fields)
    return new AIMessage({
      ...fields,
      tool_calls: at % 4 === 1 ? [] : [{ name: 'search', args: { query: text(60) } }],
    })
  })
}

type Values = Record<string, unknown>

/** What threads hold, and how many of them fill the bounds more than once. */
type Shape =
  | 'chats of short messages'
  | 'chats of 2 KB'
  | 'chats in another script'
  | 'documents'
  | 'many small values'
  | 'many values in the record'

const shapes: Readonly<Record<Shape, { readonly threads: number; readonly make: () => Values }>> = {
  'chats of short messages': { threads: 250, make: () => ({ messages: chat(40, 100) }) },
  'chats of 2 KB': { threads: 70, make: () => ({ messages: chat(40, 2000) }) },
  'chats in another script': { threads: 50, make: () => ({ messages: chat(40, 2000, '世') }) },
  documents: { threads: 130, make: () => ({ document: text(50_000) }) },
  'many small values': { threads: 160, make: () => Object.fromEntries(channels(20, 200)) },
  'many values in the record': { threads: 250, make: () => Object.fromEntries(channels(30, 60)) },
}

function channels(count: number, bytes: number): [string, string][] {
  return Array.from({ length: count }, (_, at) => [`channel ${at}`, text(bytes)])
}

interface Held {
  saver: CairnSaver | undefined
}

/** Each thread is read by the saver, and put by it or by another one. */
async function fill(driver: StorageDriver, held: Held, threads: number, make: () => Values): Promise<void> {
  const other = new CairnSaver(driver, { cacheBytes: 0, healing: 'off' })
  for (let thread = 0; thread < threads; thread++) {
    const values = make()
    const versions = Object.fromEntries(Object.keys(values).map((channel) => [channel, 1]))
    const saver = thread % 2 === 0 ? held.saver : other
    const config = { configurable: { thread_id: `thread ${thread}`, checkpoint_ns: '' } }
    const checkpoint = {
      ...emptyCheckpoint(),
      id: uuid6(thread),
      channel_values: values,
      channel_versions: versions,
    }
    await saver?.put(config, checkpoint, metadata, versions)
    await held.saver?.getTuple(config)
  }
}

async function keptBytes(options: CairnSaverOptions, threads: number, make: () => Values): Promise<number> {
  const driver = createMemoryDriver()
  const held: Held = { saver: new CairnSaver(driver, options) }
  await fill(driver, held, threads, make)
  const withSaver = await liveBytes()
  held.saver = undefined
  return withSaver - (await liveBytes())
}

/** A saver of each kind of bound is filled with threads of this shape, and what it keeps is weighed. */
export async function expectBounds(shape: Shape): Promise<void> {
  const { threads, make } = shapes[shape]
  const cached = await keptBytes({ cacheBytes: 4 * MIB, healing: 'off' }, threads, make)
  expect(cached).toBeLessThan(1.4 * 4 * MIB)
  const healed = await keptBytes({ cacheBytes: 0, healingBytes: 4 * MIB }, threads, make)
  expect(healed).toBeLessThan(1.4 * 4 * MIB + MIB)
  const nothing = await keptBytes({ cacheBytes: 0, healing: 'off' }, threads, make)
  expect(nothing).toBeLessThan(2 * MIB)
}
