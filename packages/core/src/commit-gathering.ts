import type { Batch, Check, CommitResult, Mutation, ObjectMutation } from './driver/batch.js'
import { canBeOne } from './driver/idempotency.js'
import type { ObjectId } from './driver/object-id.js'
import type { PartitionId } from './driver/partition-id.js'

/** Beyond this, batches travel alone: a server that applies a large one serves nobody else meanwhile. */
const MAX_BYTES = 256 * 1024

/** What each one writes is held against the checks of all others, so a batch is not made of any number of them. */
const MAX_MEMBERS = 128

interface Member {
  readonly batch: Batch
  readonly resolve: (result: CommitResult | Promise<CommitResult>) => void
  readonly reject: (cause: unknown) => void
}

/** Sends one batch. */
export type Send = (batch: Batch) => Promise<CommitResult>

/**
 * Commits that may travel together: those to one partition, from one tick, are one batch. What each of them means stays
 * the same. They are gathered only where no check of one can be moved by what another writes; and if a check of the
 * whole does not hold, each is judged by itself, behind whatever was called meanwhile, as any call that is made again.
 */
export class CommitGathering {
  readonly #open = new Map<PartitionId, Gathered>()

  /** `bytes`: about how large it is. */
  commit(partition: PartitionId, batch: Batch, bytes: number, send: Send): Promise<CommitResult> {
    const open = this.#open.get(partition)
    if (open !== undefined) {
      const joined = open.join(batch, bytes)
      if (joined !== undefined) return joined
      this.sendNow(partition)
    }
    const gathered = new Gathered(send)
    this.#open.set(partition, gathered)
    // Behind everything else of this tick, and before whatever comes next.
    process.nextTick(() => {
      if (this.#open.get(partition) === gathered) this.sendNow(partition)
    })
    return gathered.add(batch, bytes)
  }

  /** What was gathered for a partition is sent before what is called next: calls stay in their order. */
  sendNow(partition: PartitionId): void {
    const gathered = this.#open.get(partition)
    if (gathered === undefined) return
    this.#open.delete(partition)
    gathered.send()
  }
}

class Gathered {
  readonly #send: Send
  readonly #members: Member[] = []
  readonly #checks: Check[] = []
  readonly #mutations: Mutation[] = []
  readonly #objects = new Map<ObjectId, ObjectMutation>()
  #bytes = 0

  constructor(send: Send) {
    this.#send = send
  }

  /** `undefined` when the batch has to travel by itself. */
  join(batch: Batch, bytes: number): Promise<CommitResult> | undefined {
    if (this.#bytes + bytes > MAX_BYTES || this.#members.length === MAX_MEMBERS) return undefined
    const gathered = { checks: this.#checks, mutations: this.#mutations }
    return canBeOne(gathered, batch) ? this.add(batch, bytes) : undefined
  }

  add(batch: Batch, bytes: number): Promise<CommitResult> {
    for (const check of batch.checks ?? []) {
      if (!this.#checks.some((known) => isSame(known, check))) this.#checks.push(check)
    }
    for (const mutation of batch.mutations ?? []) {
      if (mutation.type === 'object') {
        if (this.#objects.has(mutation.id)) continue
        this.#objects.set(mutation.id, mutation)
      }
      this.#mutations.push(mutation)
    }
    this.#bytes += bytes
    return new Promise((resolve, reject) => this.#members.push({ batch, resolve, reject }))
  }

  send(): void {
    const members = this.#members
    const [only] = members
    if (members.length === 1 && only !== undefined) {
      only.resolve(this.#send(only.batch))
      return
    }
    this.#send({ checks: this.#checks, mutations: this.#mutations }).then(
      (result) => {
        if (!result.ok) this.#sendEach(result.mayBeApplied === true)
        else
          for (const [at, member] of members.entries())
            member.resolve(at === 0 ? result : { ...result, created: false })
      },
      (cause: unknown) => {
        for (const member of members) member.reject(cause)
      },
    )
  }

  /** In their order, and in flight together. */
  #sendEach(mayBeApplied: boolean): void {
    for (const { batch, resolve } of this.#members) {
      const sent = this.#send(batch)
      resolve(mayBeApplied ? sent.then((result) => (result.ok ? result : { ...result, mayBeApplied })) : sent)
    }
  }
}

/** By what most commits of one tick have in common; what is not seen to be the same is judged twice. */
function isSame(left: Check, right: Check): boolean {
  if (left === right) return true
  if (left.type === 'epoch') return right.type === 'epoch' && left.epoch === right.epoch
  return left.type === 'present' && right.type === 'present' && left.key === right.key
}
