import { blocksOf } from './blocks.js'

/** Files that a document shows. */
export interface NamedFiles {
  /** The text of a file. Throws if the document shows none of this name. */
  text(name: string): string
}

/** The blocks of a document that begin with a comment with the name of their file. */
export function namedFiles(markdown: string): NamedFiles {
  const files = new Map<string, string>()
  for (const { code } of blocksOf(markdown)) {
    const name = /^\/\/ (\S+)\n/.exec(code)?.[1]
    if (name !== undefined) files.set(name, code)
  }
  return {
    text(name) {
      const text = files.get(name)
      if (text === undefined) throw new Error(`The document shows no file ${name}`)
      return text
    },
  }
}
