/** Lets a subclass put its private fields on an object that somebody else constructed. */
class Foreign {
  constructor(object: object) {
    return object
  }
}

/**
 * A note of ours on an object of somebody else's: its owner cannot see it, a copy does not have it, and it goes with the
 * object. A `WeakMap` does the same at several times the price, once per message and again in each garbage collection.
 *
 * The notes of one subclass are apart from those of another.
 */
export function hiddenField<Note>(): HiddenField<Note> {
  class Holder extends Foreign {
    #note: Note

    constructor(object: object, note: Note) {
      super(object)
      this.#note = note
    }

    static read(object: object): Note | undefined {
      return #note in object ? (object as Holder).#note : undefined
    }

    static write(object: object, note: Note): void {
      if (#note in object) (object as Holder).#note = note
      // What is frozen stays without a note: it is taken to pieces anew each time.
      else if (Object.isExtensible(object)) new Holder(object, note)
    }
  }
  return Holder
}

export interface HiddenField<Note> {
  /** The note on `object`; `undefined` when there is none. */
  read(object: object): Note | undefined
  write(object: object, note: Note): void
}
