import {
  type Acknowledgement,
  type Classification,
  type CommitResult,
  DriverFault,
  type DurabilityRequest,
  redactSecrets,
} from '@cairnkit/core/driver'
import type { Call } from '../call.js'
import { classifyFailure } from '../errors/failure.js'
import { serverErrorCode } from '../errors/server-error.js'
import type { RedisCommand, RedisReply, RedisTransport, WaitedReply } from '../../redis-transport.js'
import { listReply, numberReply } from '../script/reply.js'
import type { PartitionScripts } from '../script/partition-scripts.js'
import { scripts } from '../scripts.generated.js'
import { type EncodedCommit, traceArguments } from './commit-arguments.js'
import { type CarriedOut, decodeCommitReply, resultOfSteps } from './commit-reply.js'

/** Commits that wait, on the connection of the write, until replicas or disks have them. */
export class DurableCommits {
  readonly #transport: RedisTransport
  readonly #scripts: PartitionScripts
  /** By whether the disk is waited for, too. */
  readonly #canWait = new Set<boolean>()

  constructor(transport: RedisTransport, partitionScripts: PartitionScripts) {
    this.#transport = transport
    this.#scripts = partitionScripts
  }

  /** One round trip; before the first one of a driver the server is asked whether it can wait at all. */
  async commit(
    key: Uint8Array,
    { args, sweepsInSteps }: EncodedCommit,
    durability: DurabilityRequest,
    call: Call,
  ): Promise<CommitResult> {
    const { fsync, replicas } = durability
    if (!this.#canWait.has(fsync)) await this.#tryOut(key, fsync, call)
    const waitMs = call.waitMs(durability.timeoutMs)
    const wait = waitCommand(fsync, replicas, waitMs)
    // Behind a WAIT that is going on, and then for its own.
    const extraMs = 2 * waitMs
    const send = (sentArgs: readonly (string | Uint8Array)[]): Promise<WaitedReply> =>
      this.#scripts.runThenWait(scripts.commit, key, sentArgs, call, { wait, extraMs })
    let sent = await send(args)
    const decoded = decodeCommitReply(sent.reply)
    if (!decoded.result.ok) return decoded.result
    let { result } = decoded
    if (decoded.marker !== undefined) {
      result = resultOfSteps(decoded.result, await this.#carryOut(key, decoded.marker, call), sweepsInSteps)
      // What was waited for is the decision alone.
      sent = await send(traceArguments())
    }
    const waited = await call.guard(sent.waited, extraMs)
    if (waited.ok) return { ...result, acknowledged: acknowledgement(waited.reply, fsync) }
    const { code } = classifyFailure(waited.cause, this.#transport)
    throw faultOf(
      waited.cause,
      { code, disposition: 'ambiguous' },
      'applied, but waiting for replicas failed',
    )
  }

  async #carryOut(key: Uint8Array, marker: Uint8Array, call: Call): Promise<CarriedOut> {
    try {
      return await this.#scripts.carryOut(key, marker, call)
    } catch (cause) {
      const { code } = classifyFailure(cause, this.#transport)
      throw faultOf(cause, { code, disposition: 'ambiguous' }, 'decided, but carrying it out failed')
    }
  }

  /** Waits for nothing, behind a command that changes nothing: what is refused now is refused before a write. */
  async #tryOut(key: Uint8Array, fsync: boolean, call: Call): Promise<void> {
    const wait = waitCommand(fsync, 0, 1)
    const timeoutMs = call.turnMs()
    try {
      const sent = this.#transport.sendThenWait(key, ['EXISTS', key], wait, { timeoutMs })
      const waited = await call.guard(sent.then((reply) => reply.waited))
      if (!waited.ok) throw waited.cause
    } catch (cause) {
      const { code, disposition } = classifyFailure(cause, this.#transport)
      if (code === 'aborted') throw cause
      const isRefused = code === 'unknown' && serverErrorCode(cause) === 'ERR'
      const classification: Classification = isRefused
        ? { code: 'unsupported', disposition: 'permanent' }
        : // Nothing was written yet.
          { code, disposition: disposition === 'permanent' ? 'permanent' : 'transient' }
      throw faultOf(
        cause,
        classification,
        `not applied: the server cannot wait for ${fsync ? 'disks' : 'replicas'}`,
      )
    }
    this.#canWait.add(fsync)
  }
}

function waitCommand(fsync: boolean, replicas: number, waitMs: number): RedisCommand {
  return fsync
    ? ['WAITAOF', '1', String(replicas), String(waitMs)]
    : ['WAIT', String(replicas), String(waitMs)]
}

function acknowledgement(reply: RedisReply, fsync: boolean): Acknowledgement {
  if (!fsync) return { replicas: numberReply(reply), fsynced: false }
  const [local, replicas] = listReply(reply)
  return { replicas: numberReply(replicas), fsynced: numberReply(local) > 0 }
}

function faultOf(cause: unknown, classification: Classification, what: string): DriverFault {
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : 'the client gave no reason'
  return new DriverFault(classification, `${what}: ${redactSecrets(reason)}`)
}
