import { blocksOf } from './blocks.js'
import { type Example, parseExample } from './example.js'

/** What a newcomer takes from the README. */
export interface Readme {
  /** The packages of the install line for a driver. */
  installLine(driver: string): readonly string[]
  /** The ten lines. */
  readonly example: Example
}

export function readReadme(markdown: string): Readme {
  const blocks = blocksOf(markdown)
  const lines = blocks
    .filter(({ info: [language] }) => language === 'sh')
    .flatMap(({ code }) => [...code.matchAll(/^npm install ([^#\n]+)/gm)])
    .map(([, names = '']) => names.trim().split(/\s+/))
  const runnable = blocks.find(({ info }) => info.includes('runnable'))
  if (runnable === undefined) throw new Error('The README has no example that is marked runnable')
  return {
    installLine(driver) {
      const line = lines.find((names) => names.includes(driver))
      if (line === undefined) throw new Error(`The README has no install line for ${driver}`)
      return line
    },
    example: parseExample(runnable.code),
  }
}
