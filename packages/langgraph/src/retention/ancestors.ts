import type { CheckpointOutline } from './outline.js'

/** The ancestors without which a checkpoint is not whole. */
export function ancestorsFor(
  checkpoint: CheckpointOutline,
  byId: ReadonlyMap<string, CheckpointOutline>,
): ReadonlySet<string> {
  const needed = new Set<string>()
  // The writes of its parent hold its sends.
  if (checkpoint.needsParent && checkpoint.parentId !== undefined) needed.add(checkpoint.parentId)
  // The value of a delta channel is made of that of an ancestor, and of the writes since then.
  const seen = new Set<string>()
  let open = [...checkpoint.unfinished]
  let { parentId } = checkpoint
  while (open.length > 0 && parentId !== undefined && !seen.has(parentId)) {
    const ancestor = byId.get(parentId)
    if (ancestor === undefined) break
    seen.add(parentId)
    needed.add(parentId)
    open = open.filter((channel) => !ancestor.channels.has(channel))
    parentId = ancestor.parentId
  }
  return needed
}
