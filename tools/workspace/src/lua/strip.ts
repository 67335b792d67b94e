// Strings are matched too, so that `--` inside one is not taken for a comment.
const tokens =
  /--\[(=*)\[[\s\S]*?\]\1\]|--[^\n]*|\[(=*)\[[\s\S]*?\]\2\]|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'/g

/**
 * Lua source without comments, blank lines and trailing blanks; everything else stays as it was written.
 * Throws on a string that spans lines, because its blank lines would be lost.
 */
export function stripLua(source: string): string {
  const bare = source.replace(tokens, (token) => {
    if (token.startsWith('--')) return token.startsWith('--[') && token.endsWith(']') ? ' ' : ''
    if (token.includes('\n')) throw new Error('a string that spans lines is not supported')
    return token
  })
  const lines = bare.split('\n').map((line) => line.trimEnd())
  return lines.filter((line) => line !== '').join('\n') + '\n'
}
