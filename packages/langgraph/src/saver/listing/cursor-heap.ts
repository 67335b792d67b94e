import { compareTuples } from '@cairnkit/core'
import type { NamespaceCursor } from './namespace-cursor.js'

/** Cursors that know their next checkpoint, of which the one with the newest is at hand: a binary heap. */
export class CursorHeap {
  readonly #cursors: NamespaceCursor[] = []

  /** Adds a cursor; one without a next checkpoint has nothing to give. */
  add(cursor: NamespaceCursor): void {
    if (cursor.nextId === undefined) return
    const cursors = this.#cursors
    let at = cursors.push(cursor) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!isNewer(cursor, cursors[above] as NamespaceCursor)) break
      cursors[at] = cursors[above] as NamespaceCursor
      at = above
    }
    cursors[at] = cursor
  }

  /** Takes out the cursor with the newest checkpoint. */
  take(): NamespaceCursor | undefined {
    const cursors = this.#cursors
    const [newest] = cursors
    const last = cursors.pop()
    if (last === undefined || cursors.length === 0) return newest
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= cursors.length) break
      if (
        below + 1 < cursors.length &&
        isNewer(cursors[below + 1] as NamespaceCursor, cursors[below] as NamespaceCursor)
      )
        below++
      if (!isNewer(cursors[below] as NamespaceCursor, last)) break
      cursors[at] = cursors[below] as NamespaceCursor
      at = below
    }
    cursors[at] = last
    return newest
  }
}

function isNewer(left: NamespaceCursor, right: NamespaceCursor): boolean {
  return compareTuples([left.nextId ?? ''], [right.nextId ?? '']) > 0
}
