import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'

const COUNTED = ['getTuple', 'put', 'putWrites', 'getDeltaChannelHistory', 'list'] as const

/** How often LangGraph called each method of a saver. */
export type CallCounts = Readonly<Record<(typeof COUNTED)[number], number>>

/** Counts the calls of a saver from now on, those of its own methods among each other included. */
export function countCalls(saver: BaseCheckpointSaver): () => CallCounts {
  const counts = { getTuple: 0, put: 0, putWrites: 0, getDeltaChannelHistory: 0, list: 0 }
  for (const name of COUNTED) {
    const method: (...args: never[]) => unknown = saver[name]
    Object.defineProperty(saver, name, {
      configurable: true,
      value: (...args: never[]) => {
        counts[name] += 1
        return method.apply(saver, args)
      },
    })
  }
  return () => ({ ...counts })
}
