import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root: string = fileURLToPath(new URL('../../../..', import.meta.url))

export interface CodeBlock {
  /** What stands behind the opening fence: the language, and `runnable`. */
  readonly info: readonly string[]
  /** The line of the document on which the code begins, from 1. */
  readonly line: number
  readonly code: string
}

export interface Document {
  /** Relative to the root of the repository. */
  readonly path: string
  readonly text: string
  /** Its blocks of TypeScript. */
  readonly code: readonly CodeBlock[]
}

/** The documents of the root, and the README of every package. */
export function documents(): Document[] {
  const atRoot = readdirSync(root).filter((name) => name.endsWith('.md'))
  const inPackages = readdirSync(join(root, 'packages')).flatMap((name) =>
    readdirSync(join(root, 'packages', name))
      .filter((file) => file === 'README.md')
      .map((file) => `packages/${name}/${file}`),
  )
  return [...atRoot, ...inPackages].map((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    return { path, text, code: blocksOf(text).filter(({ info }) => info[0] === 'ts') }
  })
}

function blocksOf(text: string): CodeBlock[] {
  return [...text.matchAll(/^```(\w[^\n]*)\n([^]*?)^```$/gm)].map(
    ({ 1: info = '', 2: code = '', index }) => ({
      info: info.trim().split(/\s+/),
      line: text.slice(0, index).split('\n').length + 1,
      code,
    }),
  )
}
