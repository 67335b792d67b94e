import type { CallOptions } from '@cairnkit/core'
import { type PruneTools, pruneThread } from './prune-thread.js'
import { madeByRuns } from './run-selection.js'

/**
 * Removes what runs have stored, in all threads: it looks at each thread of the storage. A thread that holds no checkpoint any more is
 * removed by `dropEmptied`, which judges that within its commit: another run may have stored one meanwhile.
 */
export async function deleteForRuns(
  tools: PruneTools,
  dropEmptied: (threadId: string) => Promise<void>,
  runIds: readonly string[],
  options: CallOptions = {},
): Promise<void> {
  const runs = new Set(runIds)
  if (runs.size === 0) return
  for await (const [threadId] of tools.threads.partitions(options)) {
    if (threadId === undefined) continue
    let isEmptied = false
    await pruneThread(
      tools,
      threadId,
      (outline) => {
        const dropped = madeByRuns(outline, runs)
        const held = outline.namespaces.reduce((sum, { checkpoints }) => sum + checkpoints.length, 0)
        isEmptied = held > 0 && dropped.reduce((sum, { ids }) => sum + ids.length, 0) === held
        return dropped
      },
      options,
    )
    if (isEmptied) await dropEmptied(threadId)
  }
}
