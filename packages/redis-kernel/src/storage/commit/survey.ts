import type { ObjectId } from '@cairnkit/core/driver'
import { idsIn } from '../encoding/object-ids.js'
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

/**
 * Who refers to what in a partition. It is looked at page by page: before the commit, to find what cannot be read while
 * nothing has been applied; and again when the sweep is carried out, while nobody else sees the partition.
 */
export class Survey {
  readonly #refs = new Map<ObjectId, { readonly refs: readonly ObjectId[]; readonly weight: number }>()
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

  /** The ids of the objects that no record reaches, one list for each step that removes them. */
  steps(): ObjectId[][] {
    // The set grows while it is walked.
    for (const id of this.#reached) for (const ref of this.#refs.get(id)?.refs ?? []) this.#reached.add(ref)
    const steps: ObjectId[][] = []
    let weights = STEP
    for (const [id, { weight }] of this.#refs) {
      if (this.#reached.has(id)) continue
      if (weights + weight > STEP) {
        steps.push([])
        weights = 0
      }
      steps.at(-1)?.push(id)
      weights += weight
    }
    return steps
  }

  #add(entry: Uint8Array): void {
    const ids = idsIn(entry.subarray(1))
    const [id, ...refs] = ids
    const isObject = entry[0] === kind.whole || entry[0] === kind.split
    if (!isObject) for (const ref of ids) this.#reached.add(ref)
    else if (id !== undefined)
      this.#refs.set(id, { refs, weight: entry[0] === kind.split ? WEIGHT_OF_PARTS : 1 })
  }
}
