import type { BackgroundWork } from '../background/background-work.js'
import type { EntryNews } from './entry-change.js'
import type { StoredNews, WrittenNews } from './thread-news.js'

/** How much of a preview, an error and all interrupts of a task is kept, in characters. */
const MOST_PREVIEW = 1000
const MOST_ERROR = 1000
const MOST_INTERRUPTS = 16_384

/** Makes a title of the channel values of a thread. */
export type Preview = (values: Readonly<Record<string, unknown>>) => string | undefined

const nothing: EntryNews = {
  ageMs: 0,
  bornMsAgo: undefined,
  tags: {},
  preview: undefined,
  checkpointId: undefined,
  waiting: undefined,
  failed: undefined,
  ttlMs: undefined,
}

/** What a checkpoint says of its thread. Only those of the root graph say more than that the thread was written. */
export function newsOfStored(
  { threadId, namespace, checkpointId, run, values, created, ttlMs }: StoredNews,
  keys: readonly string[],
  preview: Preview | undefined,
  background: BackgroundWork,
): EntryNews {
  const tags = Object.fromEntries([...run].filter(([key]) => key === 'user_id' || keys.includes(key)))
  const news = { ...nothing, bornMsAgo: created ? 0 : undefined, tags, ttlMs }
  if (namespace !== '') return news
  return { ...news, checkpointId, preview: preview && previewOf(threadId, values, preview, background) }
}

/** What pending writes say of their thread. */
export function newsOfWritten({
  namespace,
  checkpointId,
  taskId,
  kind,
  values,
  created,
  ttlMs,
}: WrittenNews): EntryNews {
  const news = { ...nothing, bornMsAgo: created ? 0 : undefined, ttlMs }
  // An interrupt and an error of a subgraph are those of its task in the root graph, too.
  if (namespace !== '') return news
  switch (kind) {
    case 'interrupt':
      return { ...news, waiting: { checkpointId, interrupts: { [taskId]: storable(values.flat()) } } }
    case 'error':
      return { ...news, failed: { checkpointId, message: messageOf(values[0]).slice(0, MOST_ERROR) } }
    case 'resume':
    case 'other':
      return news
  }
}

function previewOf(
  threadId: string,
  values: StoredNews['values'],
  preview: Preview,
  background: BackgroundWork,
): string | undefined {
  try {
    const text: unknown = preview(values() ?? {})
    return typeof text === 'string' ? text.slice(0, MOST_PREVIEW) : undefined
  } catch (error) {
    // A preview is no reason for a run to fail.
    background.start('directory', threadId, () => Promise.reject(error as Error))
    return undefined
  }
}

/** As JSON has it. Of what is too large, or cannot be JSON, only the ids. */
function storable(interrupts: readonly unknown[]): readonly unknown[] {
  const text = jsonOf(interrupts)
  if (text !== undefined && text.length <= MOST_INTERRUPTS) return JSON.parse(text) as unknown[]
  return interrupts.map((each) => {
    const id: unknown = typeof each === 'object' && each !== null ? (each as { id?: unknown }).id : undefined
    return typeof id === 'string' ? { id } : {}
  })
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch (cause) {
    if (cause instanceof TypeError || cause instanceof RangeError) return undefined
    throw cause
  }
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message
  const message: unknown =
    typeof error === 'object' && error !== null ? (error as { message?: unknown }).message : error
  return typeof message === 'string' ? message : 'a task failed'
}
