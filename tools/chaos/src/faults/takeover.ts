import { setTimeout as sleep } from 'node:timers/promises'
import { type Lab, type LabNode, waitFor } from '@cairnkit/redis-lab'
import { pick, whole } from '../random.js'
import type { FaultContext } from './fault.js'

/** How long a primary is away where there is nobody to take over. */
const ABSENCE_MS = 2000

/** Longer than a failover takes on a busy machine. */
const TAKEOVER_LIMIT_MS = 30_000

/** A server that takes writes now, drawn at random. */
export async function anyPrimary({ lab, random }: FaultContext): Promise<LabNode> {
  return pick(random, await waitForPrimaries(lab))
}

/** Resolves a moment after another server took over from a primary that is away. */
export async function takenOver(context: FaultContext, away: LabNode): Promise<void> {
  const { lab, random } = context
  if (lab.kind === 'standalone') {
    await sleep(ABSENCE_MS)
    return
  }
  await waitFor(
    `another server takes over from ${away.name}`,
    async () => {
      const primaries = await lab.primaries()
      const whole = primaries.length === primaryCount(lab)
      return (whole && primaries.every(({ name }) => name !== away.name)) || undefined
    },
    { timeoutMs: TAKEOVER_LIMIT_MS, intervalMs: 50 },
  )
  // Writers are to meet both: the new primary without the old one, and then both.
  await sleep(whole(random, 500, 1500))
}

/** The replicas of a primary. */
export async function replicasOfPrimary(lab: Lab, primary: LabNode): Promise<LabNode[]> {
  const replicas = await Promise.all(
    lab.nodes.map(async (node) => {
      const [role, , port] = (await node.command('ROLE')) as [string, string, number]
      return role === 'slave' && Number(port) === primary.port ? [node] : []
    }),
  )
  return replicas.flat()
}

function waitForPrimaries(lab: Lab): Promise<readonly LabNode[]> {
  return waitFor('every primary answers', async () => {
    const primaries = await lab.primaries()
    return primaries.length === primaryCount(lab) ? primaries : undefined
  })
}

function primaryCount(lab: Lab): number {
  return lab.kind === 'cluster' ? lab.nodes.length / 2 : 1
}
