/** The error for a client whose own settings would do harm. */
export function harmfulSetting(setting: string, harm: string, advice: string): TypeError {
  return new TypeError(`client: its setting ${setting} ${harm}: ${advice}`)
}

export const appliedTwice = 'sends a command again whose reply was lost, so it is applied twice'

/**
 * Waits until a client that somebody else connects is ready, or can never be. By asking: not every client tells by
 * an event. Whoever waits has a deadline.
 */
export async function whenReady(state: () => 'ready' | 'connecting' | 'closed'): Promise<void> {
  for (;;) {
    const now = state()
    if (now === 'ready') return
    if (now === 'closed') throw new Error('it was closed by its owner')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
