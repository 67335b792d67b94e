import type { Batch, Check, ExpireMutation, HeadCheck, Mutation } from './batch.js'
import { type Tuple, compareTuples } from './tuple.js'

/**
 * Whether a batch may be sent a second time after an unknown outcome: the state is the same as after one time, and the
 * result says applied. This is derived from the operations, so that no caller can be wrong about it.
 *
 * Each mutation alone is harmless to repeat: keys end up the same, objects are immutable, and the first `insert` wins. A batch
 * is not idempotent if its own writes make one of its checks fail the second time.
 */
export function isIdempotent(batch: Batch): boolean {
  const mutations = batch.mutations ?? []
  if (sweepsTooEarly(mutations)) return false
  return (batch.checks ?? []).every(
    (check) => !mutations.some((mutation) => mayFail(check, mutation, mutations)),
  )
}

/**
 * Whether two idempotent batches that only add may be applied as one. They may if neither writes something that can change a
 * check of the other, so that all checks may be judged before the first mutation, and if the partition expires then as it
 * would after both.
 */
export function canBeOne(first: Batch, second: Batch): boolean {
  return (
    onlyAdds(second) &&
    keepsChecks(first, second) &&
    keepsChecks(second, first) &&
    keepsExpiry(first, second.mutations ?? [])
  )
}

/** The last expiry of a batch, which is the one that counts. */
export function expiryOf({ mutations = [] }: Batch): ExpireMutation | undefined {
  return mutations.findLast((mutation): mutation is ExpireMutation => mutation.type === 'expire')
}

/** Whether a batch removes nothing: it writes records and objects, and says when the partition expires. */
export function onlyAdds({ mutations = [] }: Batch): boolean {
  return mutations.every(
    ({ type }) => type === 'put' || type === 'insert' || type === 'object' || type === 'expire',
  )
}

function keepsChecks({ mutations = [] }: Batch, { checks = [] }: Batch): boolean {
  return checks.every((check) => !mutations.some((mutation) => mayFail(check, mutation, mutations)))
}

/** Whether the expiry of the first batch, judged after the second one, comes to what both come to one after the other. */
function keepsExpiry(first: Batch, later: readonly Mutation[]): boolean {
  const expiry = expiryOf(first)
  if (expiry === undefined) return true
  const { decidedBy = [], ifNone } = expiry
  const another = expiryOf({ mutations: later })
  const redecides = later.some((mutation) => decidedBy.some((key) => writes(mutation, key)))
  if (another === undefined) return !redecides
  return isSameExpiry(expiry, another) && !(redecides && ifNone === true)
}

function isSameExpiry(left: ExpireMutation, right: ExpireMutation): boolean {
  if (left.ttlMs !== right.ttlMs || (left.ifNone ?? false) !== (right.ifNone ?? false)) return false
  const [ofLeft, ofRight] = [left.decidedBy ?? [], right.decidedBy ?? []]
  if (ofLeft === ofRight) return true
  return (
    ofLeft.length === ofRight.length &&
    ofLeft.every((key, at) => compareTuples(key, ofRight[at] as Tuple) === 0)
  )
}

/**
 * A second sweep would meet other records than the first one did: it would drop what was spared for a record that was
 * replaced or deleted after it, or spare what was dropped before a record of it was inserted.
 */
function sweepsTooEarly(mutations: readonly Mutation[]): boolean {
  const sweepAt = mutations.findIndex((mutation) => mutation.type === 'sweep')
  if (sweepAt < 0) return false
  return mutations
    .slice(sweepAt)
    .some(({ type }) => type === 'put' || type === 'insert' || type === 'delete' || type === 'deleteRange')
}

function mayFail(check: Check, mutation: Mutation, all: readonly Mutation[]): boolean {
  switch (check.type) {
    case 'absent':
      return writes(mutation, check.key)
    case 'present':
      return removes(mutation, check.key)
    case 'equals':
      // An insert finds the record there and does nothing.
      return mutation.type !== 'insert' && (writes(mutation, check.key) || removes(mutation, check.key))
    case 'last':
      return mutation.type === 'drop' || mayMoveLast(check.prefix, check.key, mutation)
    case 'head':
      return mayMoveHead(check, mutation, all)
    case 'objects':
      return mutation.type === 'sweep' || mayEndEpoch(mutation, all)
    case 'epoch':
      return check.epoch === null ? givesBirth(mutation) : mayEndEpoch(mutation, all)
    case 'undropped':
      return mutation.type === 'drop' && mutation.tombstoneMs !== null
  }
}

function writes(mutation: Mutation, key: Tuple): boolean {
  return (mutation.type === 'put' || mutation.type === 'insert') && compareTuples(mutation.key, key) === 0
}

function removes(mutation: Mutation, key: Tuple): boolean {
  switch (mutation.type) {
    case 'drop':
      return true
    case 'delete':
      return compareTuples(mutation.key, key) === 0
    case 'deleteRange':
      return (
        startsWith(key, mutation.prefix) &&
        (mutation.from === undefined || compareTuples(key, mutation.from) >= 0) &&
        (mutation.until === undefined || compareTuples(key, mutation.until) < 0)
      )
    case 'put':
    case 'insert':
    case 'object':
    case 'sweep':
    case 'expire':
      return false
  }
}

function mayMoveLast(prefix: Tuple, key: Tuple | null, mutation: Mutation): boolean {
  switch (mutation.type) {
    case 'put':
    case 'insert':
      if (!startsWith(mutation.key, prefix)) return false
      return key === null || (!startsWith(mutation.key, key) && compareTuples(mutation.key, key) > 0)
    case 'delete':
    case 'deleteRange':
      // Which record becomes the last one is not known here.
      return key !== null
    case 'object':
    case 'sweep':
    case 'expire':
    case 'drop':
      return false
  }
}

/** What a batch writes moves the head to an element that the check names, or to one below such an element. */
function mayMoveHead(check: HeadCheck, mutation: Mutation, all: readonly Mutation[]): boolean {
  switch (mutation.type) {
    case 'put':
    case 'insert': {
      const element = ownElement(check.prefix, mutation)
      if (element === undefined || check.elements.includes(element)) return false
      return !all.some((other) => {
        const named = ownElement(check.prefix, other)
        return named !== undefined && check.elements.includes(named) && compareTuples([named], [element]) > 0
      })
    }
    case 'delete':
      return isGroupsOwn(check.prefix, mutation.key)
    case 'deleteRange':
      return startsWith(mutation.prefix, check.prefix) || startsWith(check.prefix, mutation.prefix)
    case 'drop':
      return true
    case 'object':
    case 'sweep':
    case 'expire':
      return false
  }
}

/** The element of the group below `prefix` whose own record a mutation writes. */
function ownElement(prefix: Tuple, mutation: Mutation): string | undefined {
  if (mutation.type !== 'put' && mutation.type !== 'insert') return undefined
  return isGroupsOwn(prefix, mutation.key) ? mutation.key[prefix.length] : undefined
}

function isGroupsOwn(prefix: Tuple, key: Tuple): boolean {
  return key.length === prefix.length + 1 && startsWith(key, prefix)
}

function givesBirth(mutation: Mutation): boolean {
  return mutation.type === 'put' || mutation.type === 'insert' || mutation.type === 'object'
}

function mayEndEpoch(mutation: Mutation, all: readonly Mutation[]): boolean {
  switch (mutation.type) {
    case 'sweep':
    case 'drop':
      return true
    case 'delete':
    case 'deleteRange':
      // An emptied partition is gone, and its epoch with it; an object of the same batch keeps it alive.
      return !all.some((other) => other.type === 'object')
    case 'put':
    case 'insert':
    case 'object':
    case 'expire':
      return false
  }
}

function startsWith(key: Tuple, prefix: Tuple): boolean {
  return prefix.length <= key.length && prefix.every((element, at) => element === key[at])
}
