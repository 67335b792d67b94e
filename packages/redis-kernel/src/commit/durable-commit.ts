import {
  type Acknowledgement,
  type Classification,
  type CommitResult,
  DriverFault,
  type DurabilityRequest,
} from '@cairnkit/core/driver'
import type { Call } from '../call.js'
import { classifyFailure } from '../errors/failure.js'
import { redactSecrets } from '../errors/redact.js'
import { serverErrorCode } from '../errors/server-error.js'
import type { RedisCommand, RedisReply, RedisTransport } from '../redis-transport.js'
import { listReply, numberReply } from '../script/reply.js'
import type { ScriptRunner } from '../script/script-runner.js'
import { scripts } from '../scripts.generated.js'
import { commitResult } from './commit-reply.js'

/** Commits that wait, on the connection of the write, until replicas or disks have them. */
export class DurableCommits {
  readonly #transport: RedisTransport
  readonly #runner: ScriptRunner
  /** By whether the disk is waited for, too. */
  readonly #canWait = new Set<boolean>()
  readonly #trials = new Map<boolean, Promise<void>>()

  constructor(transport: RedisTransport, runner: ScriptRunner) {
    this.#transport = transport
    this.#runner = runner
  }

  /** One round trip; before the first one of a driver the server is asked whether it can wait at all. */
  async commit(
    key: Uint8Array,
    args: readonly (string | Uint8Array)[],
    durability: DurabilityRequest,
    call: Call,
  ): Promise<CommitResult> {
    const { fsync, replicas } = durability
    if (!this.#canWait.has(fsync)) await this.#trial(key, fsync, call)
    const waitMs = call.waitMs(durability.timeoutMs)
    const wait = waitCommand(fsync, replicas, waitMs)
    const { reply, waited } = await this.#runner.runThenWait(scripts.commit, key, args, call, {
      wait,
      // Behind a WAIT that is going on, and then for its own.
      extraMs: 2 * waitMs,
    })
    const result = commitResult(reply)
    if (!result.ok) return result
    if (waited.ok) return { ...result, acknowledged: acknowledgement(waited.reply, fsync) }
    const { code } = classifyFailure(waited.cause, this.#transport)
    throw faultOf(
      waited.cause,
      { code, disposition: 'ambiguous' },
      'applied, but waiting for replicas failed',
    )
  }

  async #trial(key: Uint8Array, fsync: boolean, call: Call): Promise<void> {
    let trial = this.#trials.get(fsync)
    if (trial === undefined) {
      trial = this.#try(key, fsync, call).finally(() => this.#trials.delete(fsync))
      this.#trials.set(fsync, trial)
    }
    await trial
  }

  /** Waits for nothing, behind a command that changes nothing: what is refused now is refused before a write. */
  async #try(key: Uint8Array, fsync: boolean, call: Call): Promise<void> {
    const wait = waitCommand(fsync, 0, 1)
    const { waited } = await call.guard(
      this.#transport.sendThenWait(key, ['EXISTS', key], wait, { timeoutMs: call.waitMs(TRIAL_MS) }),
    )
    if (waited.ok) {
      this.#canWait.add(fsync)
      return
    }
    const { code, disposition } = classifyFailure(waited.cause, this.#transport)
    const refused = code === 'unknown' && serverErrorCode(waited.cause) === 'ERR'
    const classification: Classification = refused
      ? { code: 'unsupported', disposition: 'permanent' }
      : { code, disposition: disposition === 'permanent' ? 'permanent' : 'transient' }
    const what = fsync ? 'the server cannot wait for disks (WAITAOF)' : 'the server cannot wait for replicas'
    throw faultOf(waited.cause, classification, what)
  }
}

const TRIAL_MS = 5000

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
