import type { StorageDriver } from '@cairnkit/core'
import { CairnSaver, type CairnSaverOptions } from '@cairnkit/langgraph'

export const clientNames = ['ioredis', 'node-redis'] as const
export type ClientName = (typeof clientNames)[number]

export const topologyNames = ['standalone', 'sentinel', 'cluster'] as const
export type TopologyName = (typeof topologyNames)[number]

/** How many replicas each primary of a topology has. */
export const replicasOf: Readonly<Record<TopologyName, number>> = { standalone: 0, sentinel: 2, cluster: 1 }

export const healingModes = ['off', 'tail', 'thread'] as const
export type HealingMode = (typeof healingModes)[number]

/** What the writers ask of their saver; everything else is at its default. */
export interface SaverSettings {
  /** How many replicas acknowledge a write; 0 asks for none. */
  readonly replicas: number
  /** @default the saver's own */
  readonly healing: HealingMode | undefined
}

/** How long a write waits for its replicas. */
const REPLICAS_TIMEOUT_MS = 1000

interface HealingOptions extends CairnSaverOptions {
  readonly healing?: HealingMode
}

export function saverOptions({ replicas, healing }: SaverSettings): CairnSaverOptions {
  const options: HealingOptions = {
    ...(replicas === 0
      ? {}
      : { durability: { replicas, timeoutMs: REPLICAS_TIMEOUT_MS, onTimeout: 'error' } }),
    ...(healing === undefined ? {} : { healing }),
  }
  return options
}

/** TEMPORARY: whether the saver of this workspace has the option. */
export function knowsOption(name: 'healing'): boolean {
  try {
    const options: object = { [name]: undefined }
    void new CairnSaver({} as StorageDriver, options)
    return true
  } catch (error) {
    return !(error instanceof Error && error.message.includes('has no option'))
  }
}
