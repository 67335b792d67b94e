import { setTimeout as sleep } from 'node:timers/promises'

export interface WaitLimits {
  /** @default 30000 */
  readonly timeoutMs?: number | undefined
  /** @default 5 */
  readonly intervalMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks `probe` again and again until it answers something other than `undefined`. A probe that throws has no answer
 * yet; its last error is the cause of the timeout error.
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | Promise<T | undefined>,
  limits: WaitLimits = {},
): Promise<T> {
  const { timeoutMs = 30_000, intervalMs = 5, signal } = limits
  const deadline = performance.now() + timeoutMs
  let lastError: unknown
  for (;;) {
    signal?.throwIfAborted()
    try {
      const answer = await probe()
      if (answer !== undefined) return answer
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    if (performance.now() > deadline) {
      throw new Error(`Waited ${timeoutMs} ms in vain until ${what}`, { cause: lastError })
    }
    await sleep(intervalMs)
  }
}
