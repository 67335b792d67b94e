import type { CairnSaverOptions } from '@cairnkit/langgraph'

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

export function saverOptions({ replicas, healing }: SaverSettings): CairnSaverOptions {
  return {
    ...(replicas === 0
      ? {}
      : { durability: { replicas, timeoutMs: REPLICAS_TIMEOUT_MS, onTimeout: 'error' } }),
    ...(healing === undefined ? {} : { healing }),
  }
}
