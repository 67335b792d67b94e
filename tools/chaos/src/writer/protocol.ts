import type { LabFacts } from '@cairnkit/redis-lab'
import type { AddressMap } from '../network/network.js'
import type { ClientName, SaverSettings } from '../settings.js'

/** What a writer process is to do; sent once. */
export interface WriterOrders {
  /** Begins the names of its threads. */
  readonly name: string
  readonly client: ClientName
  readonly facts: LabFacts
  readonly addressMap: AddressMap | undefined
  readonly saver: SaverSettings
  readonly writers: number
  readonly seed: number
  readonly logFile: string
}

export interface Healed {
  readonly checkpoints: number
  readonly writes: number
}

/** What it tells a few times a second. */
export interface WriterProgress {
  readonly acknowledged: number
  readonly refused: number
  readonly turns: number
  /** What savers stored again because the storage had lost it. */
  readonly healed: Healed
  /** Of each writer: its thread, and when something of it was last acknowledged. */
  readonly threads: readonly { readonly thread: string; readonly lastAcknowledged: number }[]
}

/** The parent sends its orders, then `stop`; the process answers with progress, and exits with 0 after `stop`. */
export type ToWriter = { readonly type: 'start'; readonly orders: WriterOrders } | { readonly type: 'stop' }
