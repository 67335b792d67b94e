/** A table of text, as wide as it needs to be: the first `left` columns are set to the left, the others to the right. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[], left = 1): string {
  const widths = header.map((title, at) =>
    Math.max(...[title, ...rows.map((row) => row[at] ?? '')].map(({ length }) => length)),
  )
  const line = (cells: readonly string[]): string =>
    widths
      .map((size, at) => (at < left ? (cells[at] ?? '').padEnd(size) : (cells[at] ?? '').padStart(size)))
      .join('  ')
      .trimEnd()
  const rule = widths.map((size) => '-'.repeat(size)).join('  ')
  return [line(header), rule, ...rows.map(line)].join('\n')
}
