import type { StorageObserver } from '@cairnkit/core'
import type { BackgroundObserver } from '../background/background-event.js'
import type { HealedObserver } from '../healing/healed-event.js'
import type { PrunedObserver } from '../retention/pruned-event.js'
import type { UnreadableObserver } from './reading/unreadable-event.js'

/**
 * Is told what the storage does, as a storage observer is, what healing stored again (`onHealed`), which values cannot be read
 * (`onUnreadable`), what was removed of threads (`onPruned`), and what failed while no call waited for it (`onBackgroundFailure`).
 */
export interface SaverObserver
  extends StorageObserver, HealedObserver, UnreadableObserver, PrunedObserver, BackgroundObserver {}
