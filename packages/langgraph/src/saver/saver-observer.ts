import type { StorageObserver } from '@cairnkit/core'
import type { HealedObserver } from '../healing/healed-event.js'
import type { UnreadableObserver } from './reading/unreadable-event.js'

/**
 * Is told what the storage does, as a storage observer is, what healing stored again (`onHealed`), and
 * which values cannot be read (`onUnreadable`).
 */
export interface SaverObserver extends StorageObserver, HealedObserver, UnreadableObserver {}
