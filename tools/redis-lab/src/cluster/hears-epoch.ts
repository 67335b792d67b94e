import type { LabNode } from '../lab.js'
import { waitFor } from '../wait-for.js'
import { clusterView, ownLine } from './cluster-view.js'

/**
 * Waits until `target` knows the epoch of `source` and has another. A node that takes over a slot makes its epoch the
 * highest that it has heard of; with a lower one than the source's it loses the slot, and all its keys, to a message of
 * the source that is still on its way, and the two send clients to each other for ever.
 */
export async function hearsEpoch(target: LabNode, source: LabNode): Promise<void> {
  if (await isHeard(target, source)) return
  // They would speak to each other within seconds; so they do at once.
  await target.command('CLUSTER', 'MEET', source.host, String(source.port))
  await waitFor(`${target.name} has heard of the epoch of ${source.name}`, async () =>
    (await isHeard(target, source)) ? true : undefined,
  )
}

async function isHeard(target: LabNode, source: LabNode): Promise<boolean> {
  const [own, view] = await Promise.all([ownLine(source), clusterView(target)])
  const heard = view.find(({ id }) => id === own.id)
  const taking = view.find(({ flags }) => flags.includes('myself'))
  return heard?.configEpoch === own.configEpoch && taking?.configEpoch !== own.configEpoch
}
