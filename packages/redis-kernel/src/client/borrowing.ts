/** The error for a client whose own settings would do harm. */
export function harmfulSetting(setting: string, harm: string, advice: string): TypeError {
  return new TypeError(`client: its setting ${setting} ${harm}: ${advice}`)
}

export const appliedTwice = 'sends a command again whose reply was lost, so it is applied twice'

/** Waits until a client that somebody else connects is ready. By asking: not every client tells by an event. */
export async function whenReady(
  state: () => 'ready' | 'connecting' | 'closed',
  timeoutMs: number,
): Promise<void> {
  const endsAt = performance.now() + timeoutMs
  for (let now = state(); now !== 'ready'; now = state()) {
    if (now === 'closed') throw new Error('it was closed by its owner')
    if (performance.now() > endsAt) throw new Error(`it is not ready after ${timeoutMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
