import type { StorageObserver } from '@cairnkit/core'
import type { HealedObserver } from '../healing/healed-event.js'

/** Is told what the storage does, as a storage observer is, and what healing stored again (`onHealed`). */
export interface SaverObserver extends StorageObserver, HealedObserver {}
