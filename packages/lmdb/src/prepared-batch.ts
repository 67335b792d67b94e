import {
  type Batch,
  type Check,
  type Epoch,
  type KeyRange,
  type Mutation,
  type ObjectId,
  type Tuple,
  encodeKey,
  encodePrefix,
  encodeStoredValue,
  keysBelow,
  keysBetween,
} from '@cairnkit/core/driver'

/**
 * A batch in the bytes that will be compared and stored. Made when the call is made: the transaction runs later, and
 * by then the caller may have changed what it passed.
 */
export interface PreparedBatch {
  readonly checks: readonly PreparedCheck[]
  readonly mutations: readonly PreparedMutation[]
}

export type PreparedCheck =
  | { readonly type: 'epoch'; readonly epoch: Epoch | null }
  | { readonly type: 'absent' | 'present'; readonly key: Uint8Array }
  | { readonly type: 'equals'; readonly key: Uint8Array; readonly stored: Uint8Array }
  | { readonly type: 'objects'; readonly ids: readonly ObjectId[] }
  | { readonly type: 'head'; readonly prefix: Tuple; readonly elements: readonly (string | null)[] }
  | { readonly type: 'undropped' }
  /** `start`: what the last key must begin with; `null`: there must be none. */
  | { readonly type: 'last'; readonly below: KeyRange; readonly start: Uint8Array | null }

export type PreparedMutation =
  | { readonly type: 'put' | 'insert'; readonly key: Uint8Array; readonly stored: Uint8Array }
  | { readonly type: 'delete'; readonly key: Uint8Array }
  | { readonly type: 'deleteRange'; readonly range: KeyRange }
  | { readonly type: 'object'; readonly id: ObjectId; readonly stored: Uint8Array }
  | { readonly type: 'sweep' }
  | PreparedExpiry
  | { readonly type: 'drop'; readonly tombstoneMs: number | null }

export interface PreparedExpiry {
  readonly type: 'expire'
  readonly ttlMs: number | null | 'unchanged'
  readonly decidedBy: readonly Uint8Array[]
  readonly ifNone: boolean
}

export function prepare(batch: Batch): PreparedBatch {
  return {
    checks: (batch.checks ?? []).map(prepareCheck),
    mutations: (batch.mutations ?? []).map(prepareMutation),
  }
}

function prepareCheck(check: Check): PreparedCheck {
  switch (check.type) {
    case 'epoch':
      return { type: 'epoch', epoch: check.epoch }
    case 'absent':
    case 'present':
      return { type: check.type, key: encodeKey(check.key) }
    case 'equals': {
      const key = encodeKey(check.key)
      return { type: 'equals', key, stored: encodeStoredValue(key, check) }
    }
    case 'last': {
      const start = check.key === null ? null : encodePrefix(check.key)
      return { type: 'last', below: keysBelow(check.prefix), start }
    }
    case 'objects':
      return { type: 'objects', ids: [...check.ids] }
    case 'head':
      return { type: 'head', prefix: [...check.prefix], elements: [...check.elements] }
    case 'undropped':
      return { type: 'undropped' }
  }
}

function prepareMutation(mutation: Mutation): PreparedMutation {
  switch (mutation.type) {
    case 'put':
    case 'insert': {
      const key = encodeKey(mutation.key)
      return { type: mutation.type, key, stored: encodeStoredValue(key, mutation) }
    }
    case 'delete':
      return { type: 'delete', key: encodeKey(mutation.key) }
    case 'deleteRange':
      return { type: 'deleteRange', range: keysBetween(mutation) }
    case 'object': {
      const { id } = mutation
      return { type: 'object', id, stored: encodeStoredValue(Buffer.from(id, 'hex'), mutation) }
    }
    case 'sweep':
      return { type: 'sweep' }
    case 'expire': {
      const { ttlMs, decidedBy = [], ifNone = false } = mutation
      return { type: 'expire', ttlMs, decidedBy: decidedBy.map(encodeKey), ifNone }
    }
    case 'drop':
      return { type: 'drop', tombstoneMs: mutation.tombstoneMs }
  }
}
