import { DriverFault } from '@cairnkit/core/driver'

/**
 * Makes the error for an existing client whose settings would do harm. It names both ways out. `safely` is the argument for the
 * client's own method `duplicate`; `undefined` if that would not help.
 */
export function harmfulSetting(setting: string, harm: string, advice: string, safely?: string): TypeError {
  const theirs = safely === undefined ? '' : `, or pass { client: existing.duplicate(${safely}) }`
  return new TypeError(
    `client: its setting ${setting} ${harm}: ${advice}. Or let the driver open connections of its own as this client does, with { client: existing, duplicate: true }${theirs}`,
  )
}

/** The harm of a setting that resends commands. */
export const appliedTwice = 'sends a command again whose reply was lost, so it is applied twice'

/** Throws a `TypeError` if an existing client adds a prefix to keys. */
export function assertNoKeyPrefix(keyPrefix: string | Buffer | undefined): void {
  if (keyPrefix === undefined || keyPrefix.length === 0) return
  const advice = "make the client without it, and use the driver's own keyPrefix"
  throw harmfulSetting('keyPrefix', 'changes keys', advice)
}

/** The state of an existing client. `idle` means that nobody has told it to connect. */
export type GivenState = 'idle' | 'connecting' | 'ready' | 'closed'

/** Waits until a client that was told to connect is ready. By asking: not every client tells by an event. */
export async function whenReady(state: () => GivenState, timeoutMs: number): Promise<void> {
  const endsAt = performance.now() + timeoutMs
  for (let now = state(); now !== 'ready'; now = state()) {
    if (now === 'closed' || now === 'idle')
      throw new DriverFault({ code: 'closed', disposition: 'permanent' }, 'it was closed by its owner')
    if (performance.now() > endsAt) throw new Error(`it is not ready after ${timeoutMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** How long a connection takes to end that was told to, at most. A pool does not tell of it. */
const GONE_WITHIN_MS = 300

/** Waits until a client that was told to end its connection has done so. By asking, as above. */
export async function whenGone(isReady: () => boolean): Promise<void> {
  const endsAt = performance.now() + GONE_WITHIN_MS
  while (isReady() && performance.now() < endsAt) await new Promise((resolve) => setTimeout(resolve, 5))
}
