import type { Batch, Check, CommitResult, Mutation, ObjectMutation } from './driver/batch.js'
import { canBeOne, expiryOf } from './driver/idempotency.js'
import type { ObjectId } from './driver/object-id.js'
import type { PartitionId } from './driver/partition-id.js'

/** Beyond this, batches travel alone: a server that applies a large one serves nobody else meanwhile. */
const MAX_BYTES = 256 * 1024

/** The writes of each commit are compared with the checks of all others, so the number of commits in a batch is limited. */
const MAX_MEMBERS = 128

interface Member {
  readonly batch: Batch
  readonly resolve: (result: CommitResult | Promise<CommitResult>) => void
  readonly reject: (cause: unknown) => void
}

/** Sends one batch. */
export type Send = (batch: Batch) => Promise<CommitResult>

/**
 * Gathers the commits that are made to one partition in one tick into one batch. The result of each commit stays the same. They
 * are gathered only if no write of one can change a check of another. If a check of the batch does not hold, each commit is sent
 * and judged by itself. It then comes behind calls that were made meanwhile, as any repeated call does.
 */
export class CommitGathering {
  readonly #open = new Map<PartitionId, Gathered>()

  /** `bytes` is about the size of the batch. */
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

  /** Sends the gathered commits of a partition now, before the next call, so that calls stay in their order. */
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
  #hasExpiry = false
  #bytes = 0

  constructor(send: Send) {
    this.#send = send
  }

  /** `undefined` if the batch must travel by itself. */
  join(batch: Batch, bytes: number): Promise<CommitResult> | undefined {
    if (this.#bytes + bytes > MAX_BYTES || this.#members.length === MAX_MEMBERS) return undefined
    const gathered = { checks: this.#checks, mutations: this.#mutations }
    return canBeOne(gathered, batch) ? this.add(batch, bytes) : undefined
  }

  add(batch: Batch, bytes: number): Promise<CommitResult> {
    for (const check of batch.checks ?? []) {
      if (!this.#checks.some((known) => isSame(known, check))) this.#checks.push(check)
    }
    const expiry = expiryOf(batch)
    for (const mutation of batch.mutations ?? []) {
      if (mutation.type === 'expire') {
        // All that have one have the same, and it is for what the whole batch leaves.
        if (this.#hasExpiry || mutation !== expiry) continue
        this.#hasExpiry = true
      }
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
            member.resolve(resultOf(member.batch, at === 0 ? result : { ...result, created: false }))
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

/** Who did not speak of the expiry is not told of it. */
function resultOf(batch: Batch, result: CommitResult & { readonly ok: true }): CommitResult {
  if (result.ttlMs === undefined || expiryOf(batch) !== undefined) return result
  const { ttlMs: _, ...rest } = result
  return rest
}

/** Compares the checks that most commits of one tick have in common. Other equal checks are judged twice. */
function isSame(left: Check, right: Check): boolean {
  if (left === right) return true
  if (left.type === 'epoch') return right.type === 'epoch' && left.epoch === right.epoch
  return left.type === 'present' && right.type === 'present' && left.key === right.key
}
