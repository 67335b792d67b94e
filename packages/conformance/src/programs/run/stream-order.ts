import { type IdNames, isMadeByChance } from './id-names.js'
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
 *
 * Streamed messages are left out: LangGraph hands them out beside the supersteps, and which of them come before the stream
 * ends is a race within it.
 */
export function orderedChunks(chunks: readonly StreamChunk[], names: IdNames): unknown[] {
  const previewOf = (value: unknown): string => names.preview(textOf(value))
  const steady = chunks
    .filter(({ mode }) => mode !== 'messages')
    .map((chunk) => ({ ...chunk, payload: steadyPart(chunk.payload) }))
  const graphs = groupsOf(steady, ({ namespace }) => namespace.join('|'))
  const groups = graphs.map((group) => orderedWithin(group, previewOf))
  return inOrderOf(groups, previewOf).flat()
}

/**
 * LangGraph streams some of its own objects and changes them when it goes on: a message gets its id, the counters of delta
 * channels go. Whoever reads a chunk sees it before or after that.
 */
function steadyPart(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(steadyPart)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(
    ([key, part]) =>
      key !== 'counters_since_delta_snapshot' &&
      !(key === 'id' && 'content' in value && isMadeByChance(part)),
  )
  return Object.fromEntries(entries.map(([key, part]) => [key, steadyPart(part)]))
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
