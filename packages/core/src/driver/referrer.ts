import { DriverFault, corrupt } from './driver-fault.js'
import type { ObjectId } from './object-id.js'
import type { Tuple } from './tuple.js'

/**
 * Who refers to an object: a record, or an object that the record reaches. So an error about an object names the record
 * that cannot be read for it.
 */
export interface Referrer {
  readonly record?: { readonly key: Tuple } | undefined
  readonly object?: ObjectId | undefined
}

/** Of an object that a read names itself. */
export const theRead: Referrer = Object.freeze({})

const MAX_KEY_CHARACTERS = 400

/** An object as messages name it. */
export function describeObject(id: ObjectId): string {
  return `the object ${id}`
}

/** A record as messages name it. */
export function describeRecord(key: Tuple): string {
  const text = JSON.stringify(key)
  return `the record ${text.length <= MAX_KEY_CHARACTERS ? text : `${text.slice(0, MAX_KEY_CHARACTERS)}…`}`
}

/** The fault of an object that is referred to and not there. */
export function missingObject(id: ObjectId, referrer: Referrer): DriverFault {
  return referredTo(corrupt(`${describeObject(id)} is missing`), referrer)
}

/** The fault of an object, with those who refer to it. */
export function referredTo(fault: DriverFault, { record, object }: Referrer): DriverFault {
  const names = [
    ...(object === undefined ? [] : [describeObject(object)]),
    ...(record === undefined ? [] : [describeRecord(record.key)]),
  ]
  const referrer = names.length === 0 ? 'the read asks for it' : `${names.join(' of ')} refers to it`
  return new DriverFault(fault, `${fault.message}, and ${referrer}`)
}
