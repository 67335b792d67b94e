import { ancestorsFor } from './ancestors.js'
import type { DroppedCheckpoints } from './keepset.js'
import type { CheckpointOutline, NamespaceOutline, ThreadOutline } from './outline.js'

/**
 * The checkpoints that these runs made, in all namespaces. One stays if a checkpoint of another run needs it for the value of a
 * delta channel, or for its sends.
 */
export function madeByRuns(outline: ThreadOutline, runIds: ReadonlySet<string>): DroppedCheckpoints[] {
  return outline.namespaces.flatMap((each) => {
    const needed = neededByOthers(each, runIds)
    const ids = each.checkpoints.filter((one) => isOf(one, runIds) && !needed.has(one.id)).map(({ id }) => id)
    return ids.length === 0 ? [] : [{ namespace: each.namespace, ids }]
  })
}

function isOf({ runId }: CheckpointOutline, runIds: ReadonlySet<string>): boolean {
  return runId !== undefined && runIds.has(runId)
}

function neededByOthers({ checkpoints }: NamespaceOutline, runIds: ReadonlySet<string>): ReadonlySet<string> {
  const byId = new Map(checkpoints.map((checkpoint) => [checkpoint.id, checkpoint]))
  const needed = new Set<string>()
  for (const checkpoint of checkpoints) {
    if (isOf(checkpoint, runIds)) continue
    for (const id of ancestorsFor(checkpoint, byId)) needed.add(id)
  }
  return needed
}
