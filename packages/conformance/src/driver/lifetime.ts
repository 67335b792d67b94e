/** A time to live that has begun, as a reader sees it who does not know when the storage heard of it. */
export interface Lifetime {
  readonly ttlMs: number
  /** Whether what was answered by now was read before the end, however slow all of it was. */
  readonly isOn: boolean
  /** Lets some of it pass. */
  goOn(): Promise<void>
}

/** How exactly two clocks run alike, at worst. */
const TOLERANCE_MS = 5

/** Where the suite lets time pass: the last look is a millisecond before the end. */
export function injectedLifetime(ttlMs: number, letPass: (ms: number) => Promise<void>): Lifetime {
  let passedMs = 0
  return {
    ttlMs,
    get isOn() {
      return passedMs < ttlMs
    },
    goOn: async () => {
      const nextMs = passedMs < ttlMs - 1 ? ttlMs - 1 : ttlMs
      await letPass(nextMs - passedMs)
      passedMs = nextMs
    },
  }
}

export function realLifetime(ttlMs: number, letPass: (ms: number) => Promise<void>): Lifetime {
  const begin = performance.now()
  return {
    ttlMs,
    get isOn() {
      return performance.now() - begin < ttlMs - TOLERANCE_MS
    },
    goOn: async () => await letPass(10),
  }
}
