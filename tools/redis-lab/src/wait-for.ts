import { setTimeout as sleep } from 'node:timers/promises'

export interface WaitLimits {
  /** Only what hangs takes so long, on any machine. @default 120000 */
  readonly timeoutMs?: number | undefined
  /** Pause between two questions. @default 5 */
  readonly intervalMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks `probe` again and again until it answers something other than `undefined`. A probe that throws has no answer
 * yet; its last error is the cause of the timeout error. A probe that hangs is waited for no longer than the limits say.
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | Promise<T | undefined>,
  limits: WaitLimits = {},
): Promise<T> {
  const { timeoutMs = 120_000, intervalMs = 5, signal } = limits
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), timeoutMs)
  const limit = signal === undefined ? timeout.signal : AbortSignal.any([timeout.signal, signal])
  const limitReached = new Promise<undefined>((resolve) => {
    limit.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  let lastError: unknown
  try {
    while (!limit.aborted) {
      try {
        const answer = await Promise.race([probe(), limitReached])
        if (answer !== undefined) return answer
      } catch (error) {
        lastError = error
      }
      await Promise.race([sleep(intervalMs), limitReached])
    }
  } finally {
    clearTimeout(timer)
  }
  signal?.throwIfAborted()
  throw new Error(`Waited ${timeoutMs} ms in vain until ${what}${because(lastError)}`, { cause: lastError })
}

function because(error: unknown): string {
  return error instanceof Error ? `: ${error.message}` : ''
}
