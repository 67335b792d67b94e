import { type IdNames, blank } from './id-names.js'
import { groupsOf, inOrderOf, textOf } from './ordering.js'

/** A chunk of a stream with several modes, as plain data: from which graph, of which mode, what. */
export interface StreamChunk {
  readonly namespace: readonly string[]
  readonly mode: string
  readonly payload: unknown
}

/**
 * The chunks in an order that does not depend on how fast a saver is: by graph, and within a graph by superstep. What
 * comes in one superstep comes as its tasks end, and those of two subgraphs end as their savers let them.
 */
export function orderedChunks(chunks: readonly StreamChunk[], names: IdNames): unknown {
  const previewOf = (value: unknown): string => names.preview(textOf(value))
  const steady = chunks.filter(({ mode }) => mode !== 'messages')
  const graphs = groupsOf(steady, ({ namespace }) => namespace.join('|'))
  const groups = graphs.map((group) => orderedWithin(group, previewOf))
  return { chunks: inOrderOf(groups, previewOf).flat(), messages: messagesOf(chunks) }
}

/**
 * The messages that were streamed, each one once, without ids: LangGraph hands them out beside the supersteps, and
 * whether it or the reducer names one that has no id, and so whether it comes twice, is a race within it.
 */
function messagesOf(chunks: readonly StreamChunk[]): unknown[] {
  const texts = chunks.filter(({ mode }) => mode === 'messages').map((chunk) => blank(textOf(chunk)))
  return [...new Set(texts)].toSorted().map((text): unknown => JSON.parse(text))
}

function orderedWithin(chunks: readonly StreamChunk[], previewOf: (value: unknown) => string): StreamChunk[] {
  const ordered: StreamChunk[] = []
  let step: StreamChunk[] = []
  for (const chunk of chunks) {
    if (!endsSuperstep(chunk)) {
      step.push(chunk)
      continue
    }
    ordered.push(...inOrderOf(step, previewOf), chunk)
    step = []
  }
  return [...ordered, ...inOrderOf(step, previewOf)]
}

function endsSuperstep({ mode, payload }: StreamChunk): boolean {
  if (typeof payload !== 'object' || payload === null) return false
  if (mode === 'values') return !('__interrupt__' in payload)
  return mode === 'checkpoints' || (mode === 'debug' && 'type' in payload && payload.type === 'checkpoint')
}
