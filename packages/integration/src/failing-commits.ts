import type { StorageDriver } from '@cairnkit/core'
import { DriverFault } from '@cairnkit/core/driver'
import { withCommit } from './with-commit.js'

/** A driver whose connection is lost when told so: before a commit was applied, or after it and before its reply. */
export interface FailingCommits {
  readonly driver: StorageDriver
  /** `meanwhile` runs when the commit was applied, before anything else happens. The first `spared` commits pass. */
  failNext(when: 'before' | 'after', meanwhile?: () => Promise<void>, spared?: number): void
}

export function failingCommits(driver: StorageDriver): FailingCommits {
  let next:
    { readonly when: 'before' | 'after'; readonly meanwhile: (() => Promise<void>) | undefined } | undefined
  let left = 0
  const lost = (): DriverFault =>
    new DriverFault({ code: 'unavailable', disposition: 'ambiguous' }, 'the connection was lost')
  return {
    failNext: (when, meanwhile, spared = 0) => {
      next = { when, meanwhile }
      left = spared
    },
    driver: withCommit(driver, async (...args) => {
      if (left > 0) {
        left -= 1
        return await driver.commit(...args)
      }
      const failure = next
      next = undefined
      if (failure?.when === 'before') throw lost()
      const result = await driver.commit(...args)
      if (failure === undefined) return result
      await failure.meanwhile?.()
      throw lost()
    }),
  }
}
