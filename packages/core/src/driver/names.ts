import { type KeyRange, keysBelow } from './key-range.js'
import type { GroupsRead, NamesRead } from './read.js'
import { type Tuple, encodePrefix } from './tuple.js'

/** Returns the first or the last key in a range. */
export type KeyAt = (range: KeyRange, end: 'first' | 'last') => Tuple | undefined

/** Yields the distinct elements that follow the prefix, within the bounds of the read. Each costs one seek. */
export function* namesBelow(read: GroupsRead | NamesRead, keyAt: KeyAt): Generator<string> {
  const { prefix, reverse } = read
  // The empty element is the least, so this leaves out the key that is exactly the prefix.
  let from = encodePrefix([...prefix, read.from ?? ''])
  let until = read.until === undefined ? keysBelow(prefix).until : encodePrefix([...prefix, read.until])
  for (;;) {
    const next = keyAt({ from, until }, reverse === true ? 'last' : 'first')
    if (next === undefined) return
    yield next[prefix.length] as string
    const group = keysBelow(next.slice(0, prefix.length + 1))
    if (reverse === true) until = group.from
    else from = group.until ?? from
  }
}
