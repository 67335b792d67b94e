import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
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
  /** Relative to the root of the repository, with slashes. */
  readonly path: string
  readonly text: string
  /** All of its fenced blocks, whatever their language. */
  readonly blocks: readonly CodeBlock[]
  /** The text without them. */
  readonly prose: string
}

const notOurs: ReadonlySet<string> = new Set(['node_modules', 'dist', '.git', '.nx'])

/** Every Markdown file of the repository. */
export function documents(): Document[] {
  return markdownBelow(root).map((file) => {
    const text = readFileSync(file, 'utf8')
    return {
      path: relative(root, file).replaceAll(sep, '/'),
      text,
      blocks: blocksOf(text),
      prose: text.replaceAll(fenced, ''),
    }
  })
}

function markdownBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : markdownBelow(path)
    return entry.name.endsWith('.md') ? [path] : []
  })
}

/** A block may stand in a list: then all of it is indented as far as its fence. */
const fenced = /^( *)(`{3,}|~{3,})([^\n`]*)\n([^]*?)^\1\2 *$/gm

function blocksOf(text: string): CodeBlock[] {
  return [...text.matchAll(fenced)].map(({ 1: indent = '', 3: info = '', 4: code = '', index }) => ({
    info: info.trim().split(/\s+/),
    line: text.slice(0, index).split('\n').length + 1,
    code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }))
}
