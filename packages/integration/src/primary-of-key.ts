import type { Lab, LabNode } from '@cairnkit/redis-lab'

/** The server that takes writes for a key now. */
export async function primaryOfKey(lab: Lab, key: string): Promise<LabNode> {
  if (lab.kind === 'cluster') return await lab.primaryOf(lab.slotOf(key))
  const [primary] = await lab.primaries()
  if (primary === undefined) throw new Error('The lab has no primary now')
  return primary
}
