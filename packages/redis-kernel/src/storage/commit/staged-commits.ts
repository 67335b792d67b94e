import { type CommitResult, DriverFault, redactSecrets } from '@cairnkit/core/driver'
import type { Call } from '../call.js'
import { classifyFailure } from '../errors/failure.js'
import { classifyServerError } from '../errors/server-error.js'
import type { RedisReply, RedisTransport } from '../../redis-transport.js'
import { listReply, numberReply } from '../script/reply.js'
import type { PartitionScripts } from '../script/partition-scripts.js'
import { faultOfStatus, status } from '../script/status.js'
import { scripts } from '../scripts.generated.js'
import type { EncodedCommit } from './commit-arguments.js'
import { PartsMissing } from './commit-reply.js'

/** How often parts are sent when they were gone before their commit came. */
const MAX_ATTEMPTS = 3

export interface StagedCommit {
  readonly key: Uint8Array
  readonly encoded: EncodedCommit
  /** Whether the key is known to be ours, or not there: a plain command adds to whatever sorted set it finds. */
  readonly isOurs: boolean
  /** Whether what `commit` sends can overtake what was sent in this tick. */
  readonly mayOvertake: boolean
  readonly commit: () => Promise<CommitResult>
}

/**
 * Commits that parts are sent ahead of. All of it leaves in one tick, one behind the other; the script looks whether the
 * parts have come, and applies nothing if one has not.
 */
export class StagedCommits {
  readonly #transport: RedisTransport
  readonly #scripts: PartitionScripts
  readonly #lifetimeMs: number

  /** `lifetimeMs`: how long parts stay where no partition is. */
  constructor(transport: RedisTransport, partitionScripts: PartitionScripts, lifetimeMs: number) {
    this.#transport = transport
    this.#scripts = partitionScripts
    this.#lifetimeMs = lifetimeMs
  }

  async commit(staged: StagedCommit, call: Call): Promise<CommitResult> {
    let { isOurs } = staged
    for (let attempt = 1; ; attempt++) {
      const prepared = this.#prepare(staged, call)
      if (!isOurs) {
        await prepared
        isOurs = true
      }
      const sent = this.#send(staged)
      const arrived = Promise.allSettled([prepared, ...sent])
      try {
        if (staged.mayOvertake) await call.guard(arrived)
        const result = await staged.commit()
        // What the script has left, and what a redirection made come behind it.
        if (result.epoch === null || !result.ok)
          await call.guard(arrived.then(() => this.#discard(staged, call)))
        return result
      } catch (cause) {
        if (!(cause instanceof PartsMissing)) {
          // Only of a server that has answered is it known that it can be asked for more.
          if (classifyServerError(cause) !== undefined) await this.#discard(staged, call)
          throw cause
        }
        // They were sent before the commit, and it has been answered.
        const refused = (await call.guard(arrived)).find((outcome) => outcome.status === 'rejected')
        if (refused !== undefined) throw this.#refusal(refused.reason)
        if (attempt === MAX_ATTEMPTS) throw cause
      }
    }
  }

  async #prepare({ key, encoded }: StagedCommit, call: Call): Promise<void> {
    const note = encoded.staged[0]?.[0]
    if (note === undefined) return
    const args = [note, String(this.#lifetimeMs)]
    const [code] = listReply(await this.#scripts.run(scripts.stage, key, args, call))
    if (numberReply(code) !== status.ok) throw faultOfStatus(numberReply(code))
  }

  #send({ key, encoded }: StagedCommit): Promise<RedisReply>[] {
    return encoded.staged.map((members) =>
      this.#transport.send(key, ['ZADD', key, ...members.flatMap((member) => ['0', member])]),
    )
  }

  /** What a failed commit leaves behind. Where this fails, too, a later commit removes it. */
  async #discard({ key, encoded }: StagedCommit, call: Call): Promise<void> {
    try {
      let mayBeMore = 1
      while (mayBeMore === 1) {
        const reply = listReply(await this.#scripts.run(scripts.discard, key, [encoded.prefix], call))
        mayBeMore = numberReply(reply[1])
      }
    } catch {
      // The commit has failed already, and that is what is told.
    }
  }

  /** Why a part was not taken. The commit has found it missing, so nothing was applied, whatever became of the part. */
  #refusal(cause: unknown): DriverFault {
    const { code, disposition } = classifyFailure(cause, this.#transport)
    const reason =
      cause instanceof Error && cause.message !== '' ? cause.message : 'the client gave no reason'
    return new DriverFault(
      { code, disposition: disposition === 'permanent' ? 'permanent' : 'transient' },
      redactSecrets(reason),
    )
  }
}
