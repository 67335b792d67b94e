const fontSize = 13
const lineHeight = 19
/** How wide a character of a monospaced font is, at most. */
const advance = fontSize * 0.62
const margin = 20
const titleBar = 34

const styles: readonly (readonly [kind: string, starts: RegExp])[] = [
  ['title', /^==/],
  ['person', /^(Ada|Bob):/],
  ['agent', /^Agent:/],
  ['aside', /^(\[|Storage:|Model:|Checkpoints of)/],
]

/** Draws what a program printed as a terminal: an SVG of its own colours, readable on any page. */
export function drawTerminal(command: string, output: readonly string[]): string {
  const lines = [`$ ${command}`, '', ...output]
  const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * advance + 2 * margin)
  const height = titleBar + lines.length * lineHeight + margin
  const texts = lines.flatMap((line, at) => {
    if (line === '') return []
    const y = titleBar + (at + 1) * lineHeight
    return [`  <text x="${margin}" y="${y}" class="${kindOf(line)}">${escaped(line)}</text>`]
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" xml:space="preserve">
  <title>What ${escaped(command)} prints</title>
  <style>
    text { font: ${fontSize}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre; fill: #c9d1d9 }
    .title { fill: #e3b341; font-weight: bold }
    .person { fill: #79c0ff }
    .agent { fill: #7ee787 }
    .aside { fill: #8b949e }
  </style>
  <rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
  <circle cx="20" cy="17" r="5" fill="#ff5f56"/>
  <circle cx="38" cy="17" r="5" fill="#ffbd2e"/>
  <circle cx="56" cy="17" r="5" fill="#27c93f"/>
${texts.join('\n')}
</svg>
`
}

/** The lines of text in such a picture, without those that are empty. */
export function linesOfPicture(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = '']) =>
    text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  )
}

function kindOf(line: string): string {
  return styles.find(([, starts]) => starts.test(line))?.[0] ?? 'plain'
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
