/** A table of text: the first column to the left, the others to the right, as wide as they need to be. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, at) =>
    Math.max(...[title, ...rows.map((row) => row[at] ?? '')].map(({ length }) => length)),
  )
  const line = (cells: readonly string[]): string =>
    widths
      .map((size, at) => pad(cells[at] ?? '', size, at === 0))
      .join('  ')
      .trimEnd()
  const rule = widths.map((size) => '-'.repeat(size)).join('  ')
  return [line(header), rule, ...rows.map(line)].join('\n')
}

function pad(text: string, size: number, left: boolean): string {
  return left ? text.padEnd(size) : text.padStart(size)
}
