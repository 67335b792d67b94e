import type { LabFacts, NodeFacts } from '@cairnkit/redis-lab'

/** The server that took writes when the lab started; of a cluster, the first one that did. */
export function firstPrimary(facts: LabFacts): NodeFacts {
  const primary = facts.nodes.find(({ role }) => role === 'primary')
  if (primary === undefined) throw new Error('The lab has no primary')
  return primary
}
