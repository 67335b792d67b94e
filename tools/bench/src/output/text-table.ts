/** A table of text: the first column to the left, the others to the right, as wide as they need to be. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, at) =>
    Math.max(...[title, ...rows.map((row) => row[at] ?? '')].map(width)),
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
  const filler = ' '.repeat(Math.max(0, size - width(text)))
  return left ? text + filler : filler + text
}

function width(text: string): number {
  return [...text].length
}
