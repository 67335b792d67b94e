/**
 * What every text that a writer stores begins with: whose it is, of which turn, and said by whom. So a value that
 * strayed into another thread, or was applied twice, gives itself away.
 */
export function token(thread: string, turn: number, who: string): string {
  return `<${thread}:${turn}:${who}>`
}

const PATTERN = /<([\w-]+):\d+:[\w-]+>/g

/** The token that a text begins with. */
export function tokenOf(text: string): string | undefined {
  return /^<[\w-]+:\d+:[\w-]+>/.exec(text)?.[0]
}

/** The threads whose tokens stand in a text. */
export function threadsIn(text: string): Set<string> {
  return new Set([...text.matchAll(PATTERN)].map(([, thread = '']) => thread))
}
