import { OBJECT_ID_BYTES, type ObjectId, type RemovedObject } from '@cairnkit/core/driver'
import { viewOf } from '../encoding/bytes.js'
import { kind } from '../encoding/tags.js'
import type { RedisReply } from '../../redis-transport.js'
import { bytesListReply, bytesReply, listReply, numberReply } from '../script/reply.js'
import { faultOfStatus, status } from '../script/status.js'
import { faultOfMember } from './commit-reply.js'

/** Runs a script on the partition. */
type RunSurvey = (args: readonly (string | Uint8Array)[]) => Promise<RedisReply>

/** How many objects one step of a sweep removes; one in parts counts as many. */
const STEP = 200
const WEIGHT_OF_PARTS = 50

interface SurveyedObject {
  readonly refs: readonly ObjectId[]
  /** The size of its content. */
  readonly bytes: number
  readonly weight: number
}

/** In front of the references of an object: its id, and its size in 4 bytes. */
const REFS_AT = 1 + OBJECT_ID_BYTES + 4

/**
 * Who refers to what in a partition. It is looked at page by page: before the commit, to find what cannot be read while
 * nothing has been applied; and again when the sweep is carried out, while nobody else sees the partition.
 */
export class Survey {
  readonly #objects = new Map<ObjectId, SurveyedObject>()
  readonly #reached = new Set<ObjectId>()

  /** `undefined`: the commit has been carried out by somebody else. Throws a fault for what cannot be read. */
  static async make(run: RunSurvey, marker: Uint8Array | string): Promise<Survey | undefined> {
    const survey = new Survey()
    let bound: Uint8Array | string = '[o'
    while (bound.length > 0) {
      const [code, first, found] = listReply(await run([marker, bound]))
      switch (numberReply(code)) {
        case status.ok:
          bound = bytesReply(first)
          for (const entry of bytesListReply(found)) survey.#add(entry)
          break
        case status.checksFailed:
          return undefined
        case status.unreadable:
          throw faultOfMember(bytesReply(first))
        default:
          throw faultOfStatus(numberReply(code))
      }
    }
    return survey
  }

  /** The objects that no record reaches, one list for each step that removes them. */
  steps(): RemovedObject[][] {
    // The set grows while it is walked.
    for (const id of this.#reached)
      for (const ref of this.#objects.get(id)?.refs ?? []) this.#reached.add(ref)
    const steps: RemovedObject[][] = []
    let weights = STEP
    for (const [id, { bytes, weight }] of this.#objects) {
      if (this.#reached.has(id)) continue
      if (weights + weight > STEP) {
        steps.push([])
        weights = 0
      }
      steps.at(-1)?.push({ id, bytes })
      weights += weight
    }
    return steps
  }

  #add(entry: Uint8Array): void {
    const isObject = entry[0] === kind.whole || entry[0] === kind.split
    if (!isObject) {
      for (const ref of idsIn(entry.subarray(1))) this.#reached.add(ref)
      return
    }
    const view = viewOf(entry)
    this.#objects.set(view.toString('hex', 1, 1 + OBJECT_ID_BYTES), {
      refs: idsIn(entry.subarray(REFS_AT)),
      bytes: view.readUInt32BE(1 + OBJECT_ID_BYTES),
      weight: entry[0] === kind.split ? WEIGHT_OF_PARTS : 1,
    })
  }
}

function idsIn(bytes: Uint8Array): ObjectId[] {
  const ids: ObjectId[] = []
  for (let at = 0; at < bytes.length; at += OBJECT_ID_BYTES)
    ids.push(viewOf(bytes).toString('hex', at, at + OBJECT_ID_BYTES))
  return ids
}
