import { StorageError } from '@cairnkit/core'
import { CairnSaver } from '@cairnkit/langgraph'
import { HumanMessage } from '@langchain/core/messages'
import type { RunnableConfig } from '@langchain/core/runnables'
import type { CheckpointTuple } from '@langchain/langgraph-checkpoint'
import { damagedGraph } from './histories.js'

/** How one call ended: what it gave, as text, or what it threw. */
export type Outcome =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly cause: unknown }

export type Outcomes = ReadonlyMap<string, Outcome>

/** Where to look in a thread. */
export interface Places {
  readonly threadId: string
  readonly namespaces: readonly string[]
  readonly checkpoints: readonly RunnableConfig[]
}

/** How many of the newest checkpoints are read by their ids; listings read all of them. */
const BY_ID = 3

/** Longer than any answer takes on a busy machine. */
const HANG_MS = 20_000

export async function placesOf(saver: CairnSaver, threadId: string): Promise<Places> {
  const tuples: CheckpointTuple[] = []
  for await (const tuple of saver.list({ configurable: { thread_id: threadId } })) tuples.push(tuple)
  const namespaces = tuples.map(({ config }) => config.configurable?.['checkpoint_ns'] as string)
  return {
    threadId,
    namespaces: [...new Set(namespaces)],
    checkpoints: tuples.map(({ config }) => config),
  }
}

/** Every way to read a thread, those of LangGraph among them. */
export async function readAll(saver: CairnSaver, places: Places): Promise<Outcomes> {
  const whole = { configurable: { thread_id: places.threadId } }
  const graph = damagedGraph(saver)
  return new Map([
    ...(await readFromSaver(saver, places)),
    ['getState', await outcomeOf(async () => await graph.getState(whole, { subgraphs: true }))],
    ['getStateHistory', await outcomeOf(async () => await gathered(graph.getStateHistory(whole)))],
  ])
}

/** Every way to read a thread that the checkpointer has. */
export async function readFromSaver(saver: CairnSaver, places: Places): Promise<Outcomes> {
  const thread = { thread_id: places.threadId }
  const outcomes = new Map<string, Outcome>()
  const note = async (name: string, read: () => Promise<unknown>): Promise<void> => {
    outcomes.set(name, await outcomeOf(read))
  }
  for (const checkpoint_ns of places.namespaces) {
    const config = { configurable: { ...thread, checkpoint_ns } }
    await note(`getTuple ${checkpoint_ns}`, async () => await saver.getTuple(config))
    await note(`list ${checkpoint_ns}`, async () => await gathered(saver.list(config)))
    await note(
      `getDeltaChannelHistory ${checkpoint_ns}`,
      async () =>
        await saver.getDeltaChannelHistory({ config, channels: ['messages', 'verdict', 'attachment'] }),
    )
  }
  for (const [at, config] of places.checkpoints.slice(0, BY_ID).entries())
    await note(`getTuple ${at}`, async () => await saver.getTuple(config))
  await note('list', async () => await gathered(saver.list({ configurable: thread })))
  return outcomes
}

/** Goes on from what is there, and reads what came of it with a saver that has seen nothing. */
export async function goOn(saver: CairnSaver, fresh: CairnSaver, places: Places): Promise<Outcomes> {
  const config = { configurable: { thread_id: places.threadId } }
  const put = await outcomeOf(async () => {
    const { configurable } = await damagedGraph(saver).updateState(config, {
      messages: [new HumanMessage({ id: 'new', content: 'and more' })],
    })
    return Object.keys(configurable ?? {}).sort()
  })
  if (!put.ok) return new Map([['updateState', put]])
  const read = await outcomeOf(async () => (await damagedGraph(fresh).getState(config)).values)
  return new Map([
    ['updateState', put],
    ['getState after updateState', read],
  ])
}

async function gathered(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const item of items) all.push(item)
  return all
}

export async function outcomeOf(read: () => Promise<unknown>): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${HANG_MS} ms`)), HANG_MS)
  })
  try {
    return { ok: true, text: textOf(await Promise.race([read(), hang])) }
  } catch (cause) {
    return { ok: false, cause }
  } finally {
    clearTimeout(timer)
  }
}

function textOf(value: unknown): string {
  return (
    JSON.stringify(value, (_, item: unknown) => (item === undefined ? '(undefined)' : item)) ?? '(undefined)'
  )
}

/** What damage may end in besides the right value. */
const CODES: readonly string[] = ['corrupt', 'format', 'foreign', 'unreadable']

/** Says what is wrong with an error, `undefined` for one that is as it has to be. */
export function faultOfError(cause: unknown, { threadId, checkpoints }: Places): string | undefined {
  if (!StorageError.isInstance(cause))
    return `no StorageError: ${cause instanceof Error ? cause.stack : String(cause)}`
  const { code, disposition, message, partition } = cause
  if (!CODES.includes(code)) return `code ${code}: ${message}`
  if (disposition !== 'permanent') return `disposition ${disposition}: ${message}`
  if (partition !== `thread:${threadId}` || !message.includes(threadId)) return `no thread: ${message}`
  if (/\bobjects?\b/.test(message) && !/object [0-9a-f]{32}/.test(message)) return `no object: ${message}`
  const ids = checkpoints.map(({ configurable }) => configurable?.['checkpoint_id'] as string)
  const namesCheckpoint = ids.some((id) => message.includes(id)) || /record \["|checkpoint "/.test(message)
  return namesCheckpoint || OF_THE_WHOLE_THREAD.test(message) ? undefined : `no checkpoint: ${message}`
}

/** What concerns no checkpoint, or leaves no trace of which it was. */
const OF_THE_WHOLE_THREAD = /the epoch of the partition|another score|the key of a record|did not write/
