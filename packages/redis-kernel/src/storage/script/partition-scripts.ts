import { DriverFault, type RemovedObject } from '@cairnkit/core/driver'
import type { Call } from '../call.js'
import type { CarriedOut } from '../commit/commit-reply.js'
import { Survey } from '../commit/survey.js'
import { decodeEpoch } from '../encoding/epoch-member.js'
import { concatIds } from '../encoding/object-ids.js'
import type { RedisCommand, RedisReply, WaitedReply } from '../../redis-transport.js'
import { scripts } from '../scripts.generated.js'
import { bytesReply, listReply, numberReply } from './reply.js'
import type { Script, ScriptRunner } from './script-runner.js'
import { faultOfStatus, status } from './status.js'

/** A sweep that stands first in a journal. */
interface SweepInSteps {
  readonly entry: Uint8Array
  /** Those that are still to be done. */
  readonly steps: RemovedObject[][]
  /** Of all steps. */
  readonly objects: readonly RemovedObject[]
}

/**
 * Runs the scripts of partitions. A commit that is decided and has a journal is carried out in steps, and none of the
 * scripts reads or writes the partition before that is done: whoever is told so does it, and goes on then. So it makes no
 * difference whether the process that made the commit is still there.
 */
export class PartitionScripts {
  readonly #runner: ScriptRunner

  constructor(runner: ScriptRunner) {
    this.#runner = runner
  }

  /** Issues the command in the tick it is called. */
  async run(
    script: Script,
    key: Uint8Array,
    args: readonly (string | Uint8Array)[],
    call: Call,
  ): Promise<RedisReply> {
    for (;;) {
      const reply = await this.#runner.run(script, key, args, call)
      const marker = markerOf(reply)
      if (marker === undefined) return reply
      await this.carryOut(key, marker, call)
    }
  }

  /** As `run`, for a script that writes, with `wait` behind it. */
  async runThenWait(
    script: Script,
    key: Uint8Array,
    args: readonly (string | Uint8Array)[],
    call: Call,
    wait: { readonly wait: RedisCommand; readonly extraMs: number },
  ): Promise<WaitedReply> {
    for (;;) {
      const sent = await this.#runner.runThenWait(script, key, args, call, wait)
      const marker = markerOf(sent.reply)
      if (marker === undefined) return sent
      await this.carryOut(key, marker, call)
    }
  }

  /** Step by step, each short enough for those who wait meanwhile. */
  async carryOut(key: Uint8Array, marker: Uint8Array, call: Call): Promise<CarriedOut> {
    const swept: (readonly RemovedObject[])[] = []
    let sweep: SweepInSteps | undefined
    let removal: readonly (string | Uint8Array)[] = NOTHING
    for (;;) {
      const args = [marker, ...removal]
      const [code, state, detail, first] = listReply(await this.#runner.run(scripts.apply, key, args, call))
      if (numberReply(code) !== status.ok) throw faultOfStatus(numberReply(code))
      // The partition stands still, so whoever looked before anything was removed knows all of it.
      if (sweep !== undefined && first !== undefined && numberReply(first) === FIRST_REMOVAL)
        swept.push(sweep.objects)
      switch (numberReply(state)) {
        case DONE:
          return { epoch: decodeEpoch(bytesReply(detail)), swept }
        case SWEEP: {
          const entry = bytesReply(detail)
          if (sweep === undefined || Buffer.compare(sweep.entry, entry) !== 0) {
            const steps = await this.#removals(key, marker, call)
            sweep = { entry, steps, objects: steps.flat() }
          }
          const step = sweep.steps.shift() ?? []
          removal = [entry, concatIds(step.map(({ id }) => id)), sweep.steps.length === 0 ? '1' : '0']
          break
        }
        default:
          removal = NOTHING
      }
    }
  }

  /** What a sweep that is carried out removes. What it cannot read now has come since it was decided: it removes nothing then. */
  async #removals(key: Uint8Array, marker: Uint8Array, call: Call): Promise<RemovedObject[][]> {
    try {
      const survey = await Survey.make((args) => this.#runner.run(scripts.survey, key, args, call), marker)
      return survey?.steps() ?? []
    } catch (cause) {
      if (DriverFault.isInstance(cause) && (cause.code === 'format' || cause.code === 'corrupt')) return []
      throw cause
    }
  }
}

/** What `apply.lua` says of the journal. */
const DONE = 1
const SWEEP = 2
const FIRST_REMOVAL = 1
const NOTHING = ['', '', ''] as const

/** The commit that is to be carried out first. */
function markerOf(reply: RedisReply): Uint8Array | undefined {
  const [code, marker] = listReply(reply)
  return numberReply(code) === status.underWay ? bytesReply(marker) : undefined
}
