import type { MessagesAnnotation, StateSnapshot } from '@langchain/langgraph'

/** The beginning of a checkpoint id, long enough to tell those of one thread apart: it is the time. */
const SHORT_ID = 18

const columns = ['checkpoint', 'step', 'source', 'messages'] as const

/** A table of checkpoints, one line for each. */
export function historyTable(history: readonly StateSnapshot[]): string {
  const rows = history.map(({ config, metadata, values }) => [
    String(config.configurable?.['checkpoint_id']).slice(0, SHORT_ID),
    String(metadata?.step),
    String(metadata?.source),
    String((values as Partial<typeof MessagesAnnotation.State>).messages?.length ?? 0),
  ])
  const lines = [columns, ...rows]
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  return lines
    .map((line) => `  ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd())
    .join('\n')
}

/** A URL without its user, password and settings. */
export function shown(url: string): string {
  return url.replace(/\/\/.*@/s, '//***@').replace(/\?.*/s, '')
}
