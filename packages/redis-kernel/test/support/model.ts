import {
  type Batch,
  type Check,
  type Mutation,
  type ObjectId,
  type StoredObject,
  type StoredRecord,
  type Tuple,
  compareTuples,
} from '@cairnkit/core/driver'

/** The contract in its plainest words: a list of records in order and a map of objects. Knows no epochs and no time. */
export class Model {
  records: StoredRecord[] = []
  objects: Map<ObjectId, StoredObject> = new Map()
  dropped = false

  /** The positions of the failed checks; when there are none, the mutations were applied. */
  commit({ checks = [], mutations = [] }: Batch): number[] {
    const failed = checks.flatMap((check, at) => (this.#holds(check) ? [] : [at]))
    if (failed.length === 0) for (const mutation of mutations) this.#apply(mutation)
    if (this.records.length + this.objects.size > 0) this.dropped = false
    return failed
  }

  below(prefix: Tuple, from?: Tuple, until?: Tuple): StoredRecord[] {
    return this.records.filter(
      ({ key }) =>
        startsWith(key, prefix) &&
        (from === undefined || compareTuples(key, from) >= 0) &&
        (until === undefined || compareTuples(key, until) < 0),
    )
  }

  names(prefix: Tuple): string[] {
    const elements = this.below(prefix).flatMap(({ key }) => key.slice(prefix.length, prefix.length + 1))
    return [...new Set(elements)]
  }

  /** `undefined` when a reference leads nowhere. */
  closure(refs: Iterable<ObjectId>): Set<ObjectId> | undefined {
    const reached = this.#reach(refs)
    return [...reached].every((id) => this.objects.has(id)) ? reached : undefined
  }

  #holds(check: Check): boolean {
    switch (check.type) {
      case 'absent':
        return this.#at(check.key) === undefined
      case 'present':
        return this.#at(check.key) !== undefined
      case 'equals': {
        const record = this.#at(check.key)
        const sameRefs = JSON.stringify(record?.refs) === JSON.stringify(check.refs ?? [])
        return record !== undefined && sameRefs && Buffer.compare(record.bytes, check.bytes) === 0
      }
      case 'last': {
        const last = this.below(check.prefix).at(-1)
        if (last === undefined || check.key === null) return last === undefined && check.key === null
        return startsWith(last.key, check.key)
      }
      case 'head': {
        const own = this.below(check.prefix).filter(({ key }) => key.length === check.prefix.length + 1)
        return check.elements.includes(own.at(-1)?.key[check.prefix.length] ?? null)
      }
      case 'undropped':
        return !this.dropped
      case 'objects':
        return check.ids.every((id) => this.objects.has(id))
      case 'epoch':
        return (check.epoch === null) === (this.records.length + this.objects.size === 0)
    }
  }

  #apply(mutation: Mutation): void {
    switch (mutation.type) {
      case 'put':
        this.#remove([this.#at(mutation.key)])
        this.#add(mutation)
        return
      case 'insert':
        if (this.#at(mutation.key) === undefined) this.#add(mutation)
        return
      case 'delete':
        this.#remove([this.#at(mutation.key)])
        return
      case 'deleteRange':
        this.#remove(this.below(mutation.prefix, mutation.from, mutation.until))
        return
      case 'object':
        if (!this.objects.has(mutation.id))
          this.objects.set(mutation.id, { bytes: mutation.bytes, refs: mutation.refs ?? [] })
        return
      case 'sweep': {
        const kept = this.#reach(this.records.flatMap(({ refs }) => refs))
        for (const id of this.objects.keys()) if (!kept.has(id)) this.objects.delete(id)
        return
      }
      case 'drop':
        this.records = []
        this.objects.clear()
        this.dropped ||= mutation.tombstoneMs !== null
        return
      case 'expire':
    }
  }

  #at(key: Tuple): StoredRecord | undefined {
    return this.records.find((record) => compareTuples(record.key, key) === 0)
  }

  #add({ key, bytes, refs = [] }: { key: Tuple; bytes: Uint8Array; refs?: readonly ObjectId[] }): void {
    this.records = [...this.records, { key, bytes, refs }].sort((a, b) => compareTuples(a.key, b.key))
  }

  #remove(gone: readonly (StoredRecord | undefined)[]): void {
    this.records = this.records.filter((record) => !gone.includes(record))
  }

  #reach(refs: Iterable<ObjectId>): Set<ObjectId> {
    const reached = new Set(refs)
    for (const id of reached) for (const ref of this.objects.get(id)?.refs ?? []) reached.add(ref)
    return reached
  }
}

function startsWith(key: Tuple, prefix: Tuple): boolean {
  return prefix.length <= key.length && prefix.every((element, at) => element === key[at])
}
