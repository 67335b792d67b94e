import type { StorageDriver, StorageWarning } from './driver/storage-driver.js'
import { type StorageObserver, tellObserver } from './observer.js'

/** Stands for all who have no method for it: they share the process, and its warnings. */
const nobody: StorageObserver = Object.freeze({})

/** Who has heard of which warning. Several keyspaces may share a driver and an observer. */
const heard = new WeakMap<StorageWarning, WeakSet<StorageObserver>>()

/** Tells the observer of what the driver has found since it was told last. */
export function tellWarnings(driver: StorageDriver, observer: StorageObserver | undefined): void {
  const { warnings } = driver
  if (warnings === undefined) return
  for (const warning of warnings) {
    if (observer?.onWarning === undefined) {
      if (isNews(warning, nobody)) process.emitWarning(textOf(driver, warning), 'CairnWarning')
    } else if (isNews(warning, observer)) {
      tellObserver('storage', () => observer.onWarning?.({ ...warning, driver: driver.name }))
    }
  }
}

function isNews(warning: StorageWarning, listener: StorageObserver): boolean {
  const listeners = heard.get(warning) ?? new WeakSet()
  heard.set(warning, listeners)
  if (listeners.has(listener)) return false
  listeners.add(listener)
  return true
}

function textOf({ name }: StorageDriver, { message }: StorageWarning): string {
  return `${name}: ${message} An observer with onWarning hears it instead; this warning comes once.`
}
