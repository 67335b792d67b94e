import { fail } from '../main.js'
import { type Change, some } from './change.js'

/**
 * The version that follows from the changes: the first number grows with a breaking change, the second with something
 * new, else the third. Before 1.0.0 the second number stands for both, as `^0.2.0` promises; 1.0.0 itself is asked for.
 */
export function nextVersion(current: string, changes: readonly Change[]): string {
  const [major, minor, patch] = numbersOf(current)
  if (some(changes, 'breaking') && major > 0) return `${major + 1}.0.0`
  if (some(changes, 'breaking') || some(changes, 'new')) return `${major}.${minor + 1}.0`
  return `${major}.${minor}.${patch + 1}`
}

/** Refuses a version that is not three numbers, or not larger than the current one. */
export function checkVersion(asked: string, current: string, isFirst: boolean): string {
  const order = compare(numbersOf(asked), numbersOf(current))
  if (order < 0 || (order === 0 && !isFirst)) fail(`The version ${asked} does not come after ${current}`)
  return asked
}

/** The largest version among the tags, `undefined` if there was no release yet. Other tags are ignored. */
export function lastReleased(tags: readonly string[]): string | undefined {
  const versions = tags.filter((tag) => /^v\d+\.\d+\.\d+$/.test(tag)).map((tag) => tag.slice(1))
  return versions.toSorted((a, b) => compare(numbersOf(a), numbersOf(b))).at(-1)
}

type Numbers = readonly [number, number, number]

function numbersOf(version: string): Numbers {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)$/.exec(version) ?? []
  if (major === undefined) fail(`Expected a version of three numbers, got "${version}"`)
  return [Number(major), Number(minor), Number(patch)]
}

function compare(a: Numbers, b: Numbers): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}
