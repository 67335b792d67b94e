import { readFileSync } from 'node:fs'

/** A rule of the README for servers from a version of Redis on, up to the next one that has a rule. */
export interface PublishedRights {
  readonly since: readonly [major: number, minor: number]
  /** What stands before the commands, such as the pattern of keys. */
  readonly restrictions: readonly string[]
  readonly commands: readonly string[]
}

/** The rules of the README, which errors of code `forbidden` lead to; the newest servers first. */
export function rightsOfReadme(): readonly [PublishedRights, ...PublishedRights[]] {
  const text = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
  const rules = text.matchAll(
    /^ *Redis (\d+)\.(\d+)[^\n]*:\n\n *```text\n *ACL SETUSER cairn on >password (.*)$/gm,
  )
  const [newest, ...older] = [...rules].map(([, major, minor, rule = '']): PublishedRights => {
    const words = rule.split(' ')
    return {
      since: [Number(major), Number(minor)],
      restrictions: words.filter((word) => !word.startsWith('+')),
      commands: words.filter((word) => word.startsWith('+')).map((word) => word.slice(1)),
    }
  })
  if (newest === undefined) throw new Error('The README names no rule')
  return [newest, ...older]
}
