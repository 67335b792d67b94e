import { StorageError } from '@cairnkit/core'
import type { PlacedValue } from '../../engine/objects/place-value.js'

/**
 * What a tuple has in the place of a value that cannot be made again. The rest of the tuple is as it was stored.
 *
 * | the tuple | in the place | because |
 * |---|---|---|
 * | may be what a run goes on from | a getter that throws the error | LangGraph takes a missing value for an empty channel, and would begin it anew |
 * | is one of a listing | the error | a history can be shown to its end |
 */
export type Stand = 'getter' | 'error'

/** A value that cannot be made again, until its tuple is complete. */
export class Unreadable {
  readonly error: StorageError

  constructor(error: StorageError) {
    this.error = error
  }
}

/** The stored pieces of such values, by the error that stands in their place. */
const piecesByError = new WeakMap<Error, () => PlacedValue | undefined>()

/**
 * Waits for a value that a serializer makes. Resolves to `Unreadable` where it cannot. `pieces`: those that are stored, so
 * that a put of what the tuple has in the place stores them again.
 */
export async function madeOrUnreadable(
  making: Promise<unknown>,
  pieces: () => PlacedValue | undefined,
): Promise<unknown> {
  try {
    return await making
  } catch (cause) {
    if (!StorageError.isInstance(cause) || cause.code !== 'unreadable') throw cause
    piecesByError.set(cause, pieces)
    return new Unreadable(cause)
  }
}

/** Puts into `holder` what stands for a value, where that cannot be made again. Gives the error then. */
export function standIn(
  holder: object,
  key: string | number,
  value: unknown,
  stand: Stand,
): StorageError | undefined {
  if (!(value instanceof Unreadable)) return undefined
  const { error } = value
  const property = { enumerable: true, configurable: true }
  switch (stand) {
    case 'getter': {
      const get = (): never => {
        throw error
      }
      Object.defineProperty(holder, key, { ...property, get })
      return error
    }
    case 'error':
      // Channels that hold several values spread what they are given.
      Object.defineProperty(error, Symbol.iterator, { value: () => [error].values() })
      Object.defineProperty(holder, key, { ...property, value: error, writable: true })
      return error
  }
}

/** The value that a caller brings for a channel, or the error that a tuple of ours has in its place. */
export function broughtFor(values: Readonly<Record<string, unknown>>, channel: string): unknown {
  try {
    return values[channel]
  } catch (cause) {
    if (cause instanceof Error && piecesByError.has(cause)) return cause
    throw cause
  }
}

/** The stored pieces for which `value` stands in a tuple of ours; `undefined`: it is a value like any other. */
export function standsFor(value: unknown): PlacedValue | undefined {
  if (!(value instanceof Error)) return undefined
  const pieces = piecesByError.get(value)
  if (pieces === undefined) return undefined
  const stored = pieces()
  if (stored === undefined) throw value
  return stored
}
