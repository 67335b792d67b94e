/** What the comment at the top of a `verb.lua` file declares. */
export interface LuaHeader {
  readonly readOnly: boolean
  readonly text: string
}

const sections = ['KEYS', 'ARGV', 'Returns']
const flags = new Set(['read-only'])

/** Reads the leading comment of a script. Throws when a section is missing or a flag is unknown. */
export function parseHeader(source: string): LuaHeader {
  const text = leadingComment(source)
  for (const section of sections) {
    if (!new RegExp(`\\b${section}\\b`, 'i').test(text)) {
      throw new Error(`the header comment must list KEYS, ARGV and Returns; ${section} is missing`)
    }
  }
  const declared =
    /^-*\s*Flags:(.*)$/m
      .exec(text)?.[1]
      ?.split(',')
      .map((flag) => flag.trim()) ?? []
  for (const flag of declared) {
    if (!flags.has(flag)) throw new Error(`unknown flag "${flag}"; known: ${[...flags].join(', ')}`)
  }
  return { readOnly: declared.includes('read-only'), text }
}

function leadingComment(source: string): string {
  const block = /^\s*--\[(=*)\[[\s\S]*?\]\1\]/.exec(source)
  if (block !== null) return block[0]
  const lines: string[] = []
  for (const line of source.split('\n')) {
    if (!/^\s*(--.*)?$/.test(line) || line.startsWith('---')) break
    lines.push(line)
  }
  return lines.join('\n')
}

/**
 * Throws when code and header disagree about keys: every `KEYS[n]` in use is declared and the other way round,
 * and every `ARGV[n]` with a literal index is declared.
 */
export function checkHeader(header: LuaHeader, code: string): void {
  const used = indices(code, 'KEYS')
  const declared = indices(header.text, 'KEYS')
  for (const n of used) {
    if (!declared.has(n)) throw new Error(`KEYS[${n}] is used and the header does not list it`)
  }
  for (const n of declared) {
    if (!used.has(n)) throw new Error(`the header lists KEYS[${n}] and the code does not use it`)
  }
  const listed = indices(header.text, 'ARGV')
  for (const n of indices(code, 'ARGV')) {
    if (!listed.has(n)) throw new Error(`ARGV[${n}] is used and the header does not list it`)
  }
}

function indices(text: string, table: string): Set<string> {
  return new Set([...text.matchAll(new RegExp(`\\b${table}\\[(\\d+)`, 'g'))].map((match) => match[1] ?? ''))
}
