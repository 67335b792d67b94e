import type { LabNode } from '../lab.js'
import type { Reply } from '../resp.js'
import { hearsEpoch } from './hears-epoch.js'
import { SLOT_COUNT } from './slot-of.js'
import { type SlotOwner, ownerOf, slotOwners } from './slot-owners.js'

/**
 * Where a slot's migration stands: `opened` (both sides marked, no key moved), `half-moved` (half of the keys that
 * were there are moved), `emptied` (no key left at the source), `assigned` (every primary knows the new owner).
 */
export type MigrationPhase = 'opened' | 'half-moved' | 'emptied' | 'assigned'

export interface MigrationStep {
  readonly phase: MigrationPhase
  readonly slot: number
  readonly from: LabNode
  readonly to: LabNode
  readonly movedKeys: number
  /** Keys that were still at the source when this step was reached. */
  readonly remainingKeys: number
}

export interface MigrateOptions {
  /** Called at each phase of each slot; the migration stands still until it resolves. @default none */
  readonly onStep?: ((step: MigrationStep) => void | Promise<void>) | undefined
  /** As `onStep`, for the phase `half-moved` alone: the state in which clients are asked to go elsewhere. @default none */
  readonly onHalfMoved?: ((step: MigrationStep) => void | Promise<void>) | undefined
  /** Keys per MIGRATE. @default 100 */
  readonly batchSize?: number | undefined
  /** Ends the work between two slots, never within one. */
  readonly signal?: AbortSignal | undefined
}

export async function migrateSlots(
  nodes: readonly LabNode[],
  slots: Iterable<number>,
  to: LabNode,
  options: MigrateOptions = {},
): Promise<void> {
  const wanted = new Set(slots)
  for (const slot of wanted) {
    if (!Number.isInteger(slot) || slot < 0 || slot >= SLOT_COUNT) {
      throw new TypeError(`A slot is an integer from 0 to ${SLOT_COUNT - 1}, not ${slot}`)
    }
  }
  const primaries = await slotOwners(nodes)
  const target = primaries.find(({ node }) => node.name === to.name)
  if (target === undefined) throw new TypeError(`${to.name} is no primary of this cluster now`)
  for (const slot of wanted) {
    options.signal?.throwIfAborted()
    const from = ownerOf(primaries, slot)
    if (from !== target) await migrateSlot(primaries, slot, from, target, options)
  }
}

async function migrateSlot(
  primaries: readonly SlotOwner[],
  slot: number,
  from: SlotOwner,
  to: SlotOwner,
  options: MigrateOptions,
): Promise<void> {
  const { batchSize = 100 } = options
  let movedKeys = 0
  const reach = async (phase: MigrationPhase): Promise<void> => {
    const remainingKeys = Number(await from.node.command('CLUSTER', 'COUNTKEYSINSLOT', String(slot)))
    const step: MigrationStep = { phase, slot, from: from.node, to: to.node, movedKeys, remainingKeys }
    await options.onStep?.(step)
    if (phase === 'half-moved') await options.onHalfMoved?.(step)
  }
  const moveAtMost = async (count: number): Promise<number> => {
    const keys = (await from.node.commandBytes(
      'CLUSTER',
      'GETKEYSINSLOT',
      String(slot),
      String(count),
    )) as Buffer[]
    if (keys.length > 0) await sendKeys(from.node, to.node, keys)
    movedKeys += keys.length
    return keys.length
  }

  // The target first: once the source redirects, the target must be willing.
  await setSlot(to.node, slot, 'IMPORTING', from.line.id)
  await setSlot(from.node, slot, 'MIGRATING', to.line.id)
  await reach('opened')

  let half = Math.floor(Number(await from.node.command('CLUSTER', 'COUNTKEYSINSLOT', String(slot))) / 2)
  while (half > 0) {
    const moved = await moveAtMost(Math.min(half, batchSize))
    if (moved === 0) break
    half -= moved
  }
  await reach('half-moved')

  while ((await moveAtMost(batchSize)) > 0);
  await reach('emptied')

  await hearsEpoch(to.node, from.node)
  // The target first again: it takes the slot with the highest epoch, so the others cannot disagree.
  const rest = primaries.filter((primary) => primary !== to && primary !== from)
  for (const { node } of [to, from, ...rest]) await setSlot(node, slot, 'NODE', to.line.id)
  await reach('assigned')
}

function setSlot(node: LabNode, slot: number, state: string, id: string): Promise<unknown> {
  return node.command('CLUSTER', 'SETSLOT', String(slot), state, id)
}

/** A key that a client deleted meanwhile is no error: MIGRATE answers NOKEY. */
function sendKeys(from: LabNode, to: LabNode, keys: readonly Buffer[]): Promise<Reply> {
  return from.commandBytes('MIGRATE', to.host, String(to.port), '', '0', '5000', 'KEYS', ...keys)
}
