import type { ProgramSubject } from '@cairnkit/conformance/programs'
import type { StorageDriver } from '@cairnkit/core'
import { CairnSaver } from '@cairnkit/langgraph'
import type { RunnableConfig } from '@langchain/core/runnables'
import type { Checkpoint, CheckpointMetadata } from '@langchain/langgraph-checkpoint'
import { cairnSavers } from './cairn-savers.js'
import { knownDifferences } from './known-differences.js'
import type { SaverOptions } from './saver-options.js'

/** Where programs run. */
export interface CairnStorage {
  /** Two drivers over the same storage, as two processes would have them. They may be the same one. */
  readonly drivers: readonly [StorageDriver, StorageDriver]
  /** Whether every server has a replica. */
  readonly hasReplicas: boolean
}

/** CairnSaver with all its options on one storage. */
export function cairnSubject({ drivers, hasReplicas }: CairnStorage): ProgramSubject<SaverOptions> {
  const savers = Object.entries(cairnSavers).filter(
    ([, { options }]) => hasReplicas || options.cairn.durability === undefined,
  )
  return {
    savers: Object.fromEntries(savers),
    create: ({ cairn, process = 0, putArguments = 4 }) =>
      new (putArguments === 3 ? PassesThreeArguments : CairnSaver)(drivers[process], cairn),
    known: knownDifferences,
  }
}

class PassesThreeArguments extends CairnSaver {
  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
  ): Promise<RunnableConfig> {
    const put = super.put.bind(this) as (...args: readonly unknown[]) => Promise<RunnableConfig>
    return await put(config, checkpoint, metadata)
  }
}
