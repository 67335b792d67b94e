import type { CallOptions, ObjectId, ObjectMap, Partition } from '@cairnkit/core'
import { checkpointKey } from '../records/keys.js'
import type { DroppedCheckpoints } from './keepset.js'

/** How many objects would go with checkpoints, and their size in bytes. Reads the whole thread. */
export async function wouldFree(
  partition: Partition,
  dropped: readonly DroppedCheckpoints[],
  options: CallOptions,
): Promise<{ readonly objects: number; readonly bytes: number }> {
  const [{ records, objects }] = await partition.read([{ type: 'range', prefix: [], follow: 'all' }], options)
  const goes = new Set(
    dropped.flatMap(({ namespace, ids }) => ids.map((id) => JSON.stringify(checkpointKey(namespace, id)))),
  )
  const stays = records.filter(({ key }) => !goes.has(JSON.stringify(key.slice(0, 3))))
  const kept = reachedFrom(
    stays.flatMap(({ refs }) => refs),
    objects,
  )
  let [count, bytes] = [0, 0]
  for (const [id, object] of objects) {
    if (kept.has(id)) continue
    count += 1
    bytes += object.bytes.length
  }
  return { objects: count, bytes }
}

function reachedFrom(roots: readonly ObjectId[], objects: ObjectMap): ReadonlySet<ObjectId> {
  const reached = new Set(roots)
  // A set also visits what is added to it meanwhile: this loop is the whole walk.
  for (const id of reached) for (const ref of objects.get(id)?.refs ?? []) reached.add(ref)
  return reached
}
