import type { Call } from '../call.js'
import { serverErrorCode, isUnknownCommand } from '../errors/server-error.js'
import type { RedisCommand, RedisReply, RedisTransport, WaitedReply } from '../../redis-transport.js'

export interface Script {
  readonly name: string
  readonly sha1: string
  readonly source: string
  readonly readOnly: boolean
}

/**
 * Runs scripts by their digest. A server that does not hold one (it was flushed, it was restarted, a failover led to
 * another server) says so before it does anything; it is sent the source then, and holds it from there on.
 */
export class ScriptRunner {
  readonly #transport: RedisTransport
  // Redis has read-only scripts from version 7.
  #hasReadOnlyScripts = true

  constructor(transport: RedisTransport) {
    this.#transport = transport
  }

  /** Issues the command in the tick it is called. */
  run(
    script: Script,
    key: Uint8Array,
    args: readonly (string | Uint8Array)[],
    call: Call,
  ): Promise<RedisReply> {
    const send = (verb: string, body: string): Promise<RedisReply> => {
      const command: RedisCommand = [verb, body, '1', key, ...args]
      return call.guard(this.#transport.send(key, command))
    }
    if (!script.readOnly || !this.#hasReadOnlyScripts) return byDigest(send, 'EVALSHA', 'EVAL', script)
    return byDigest(send, 'EVALSHA_RO', 'EVAL_RO', script).catch((cause: unknown) => {
      if (!isUnknownCommand(cause)) throw cause
      this.#hasReadOnlyScripts = false
      return byDigest(send, 'EVALSHA', 'EVAL', script)
    })
  }

  /** As `run`, for a script that writes, with `wait` behind it: behind the source again, if that is what was run. */
  async runThenWait(
    script: Script,
    key: Uint8Array,
    args: readonly (string | Uint8Array)[],
    call: Call,
    { wait, extraMs }: { readonly wait: RedisCommand; readonly extraMs: number },
  ): Promise<WaitedReply> {
    const send = (verb: string, body: string): Promise<WaitedReply> => {
      const command: RedisCommand = [verb, body, '1', key, ...args]
      const timeoutMs = call.turnMs(extraMs)
      return call.guard(this.#transport.sendThenWait(key, command, wait, { timeoutMs }), extraMs)
    }
    return await byDigest(send, 'EVALSHA', 'EVAL', script)
  }
}

function byDigest<T>(
  send: (verb: string, body: string) => Promise<T>,
  digestVerb: string,
  sourceVerb: string,
  script: Script,
): Promise<T> {
  return send(digestVerb, script.sha1).catch((cause: unknown) => {
    if (serverErrorCode(cause) !== 'NOSCRIPT') throw cause
    return send(sourceVerb, script.source)
  })
}
