import { DriverFault, corrupt } from './driver-fault.js'
import type { ObjectId } from './object-id.js'
import type { Tuple } from './tuple.js'

/**
 * What refers to an object: a record, or an object that the record reaches. With it, an error about an object names the record
 * that cannot be read.
 */
export interface Referrer {
  readonly record?: { readonly key: Tuple } | undefined
  readonly object?: ObjectId | undefined
}

/** The referrer of an object that a read names itself. */
export const theRead: Referrer = Object.freeze({})

const MAX_KEY_CHARACTERS = 400

/** The name of an object in messages. */
export function describeObject(id: ObjectId): string {
  return `the object ${id}`
}

/** The name of a record in messages. */
export function describeRecord(key: Tuple): string {
  const text = JSON.stringify(key)
  return `the record ${text.length <= MAX_KEY_CHARACTERS ? text : `${text.slice(0, MAX_KEY_CHARACTERS)}…`}`
}

/** Makes the fault for a missing object that something refers to. */
export function missingObject(id: ObjectId, referrer: Referrer): DriverFault {
  return referredTo(corrupt(`${describeObject(id)} is missing`), referrer)
}

/** Adds the referrer to a fault about an object. */
export function referredTo(fault: DriverFault, { record, object }: Referrer): DriverFault {
  const names = [
    ...(object === undefined ? [] : [describeObject(object)]),
    ...(record === undefined ? [] : [describeRecord(record.key)]),
  ]
  const referrer = names.length === 0 ? 'the read asks for it' : `${names.join(' of ')} refers to it`
  return new DriverFault(fault, `${fault.message}, and ${referrer}`)
}
