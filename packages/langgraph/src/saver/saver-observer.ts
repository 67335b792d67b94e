import type { StorageObserver } from '@cairnkit/core'
import type { HealedObserver } from '../healing/healed-event.js'

/** What a storage observer hears, and what only a saver knows. */
export interface SaverObserver extends StorageObserver, HealedObserver {}
