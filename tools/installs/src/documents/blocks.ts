/** A block of code of a Markdown text. */
export interface Block {
  readonly info: readonly string[]
  readonly code: string
}

export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```([^\n]*)\n([^]*?)^```$/gm)].map(([, info = '', code = '']) => ({
    info: info.trim().split(/\s+/),
    code,
  }))
}
