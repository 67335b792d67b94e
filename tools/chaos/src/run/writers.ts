import { join } from 'node:path'
import { type Lab, labFacts, waitFor } from '@cairnkit/redis-lab'
import type { Network } from '../network/network.js'
import type { Healed } from '../writer/protocol.js'
import type { CellPlan } from './plan.js'
import { WriterProcess } from './writer-process.js'

const PROCESSES = 2

/** How long after a fault every writer must have something acknowledged again. */
const BACK_LIMIT_MS = 30_000

/** The processes that write, dealt to the clients in turn. */
export class Writers implements Disposable {
  readonly processes: readonly WriterProcess[]

  constructor(plan: CellPlan, lab: Lab, network: Network, directory: string) {
    this.processes = Array.from({ length: PROCESSES }, (_, at) => {
      const client = plan.clients[at % plan.clients.length]
      if (client === undefined) throw new TypeError('A run needs a client')
      return new WriterProcess({
        name: `w${at + 1}`,
        client,
        facts: labFacts(lab),
        addressMap: network.addressMap,
        saver: plan.saver,
        writers: plan.writers,
        seed: plan.seed + 104_729 * (at + 1),
        logFile: join(directory, `w${at + 1}.jsonl`),
      })
    })
  }

  get acknowledged(): number {
    return this.processes.reduce((sum, { progress }) => sum + progress.acknowledged, 0)
  }

  get refused(): number {
    return this.processes.reduce((sum, { progress }) => sum + progress.refused, 0)
  }

  /** Threads that are written to now. */
  get threads(): string[] {
    return this.#all().map(({ thread }) => thread)
  }

  get healed(): Healed {
    const all = this.processes.map(({ progress }) => progress.healed)
    return {
      checkpoints: all.reduce((sum, { checkpoints }) => sum + checkpoints, 0),
      writes: all.reduce((sum, { writes }) => sum + writes, 0),
    }
  }

  get deaths(): string[] {
    return this.processes.flatMap(({ death }) => death ?? [])
  }

  /** Resolves when every writer had something acknowledged after `moment`. Rejects with those that had not in time. */
  async writeAfter(moment: number): Promise<void> {
    const end = await waitFor(
      'every writer goes on',
      () => {
        if (this.deaths.length > 0) return 'death'
        const expected = this.processes.reduce((sum, { orders }) => sum + orders.writers, 0)
        const back = this.#all().filter(({ lastAcknowledged }) => lastAcknowledged > moment)
        if (back.length === expected) return 'back'
        const late = this.#all().filter(({ lastAcknowledged }) => lastAcknowledged <= moment)
        throw new Error(`not yet: ${late.map(({ thread }) => thread).join(', ')}`)
      },
      { timeoutMs: BACK_LIMIT_MS, intervalMs: 20 },
    )
    if (end === 'death') throw new Error(this.deaths.join('\n'))
  }

  /** Resolves when all turns have ended. */
  async stop(): Promise<void> {
    await Promise.all(this.processes.map((writers) => writers.stop()))
  }

  [Symbol.dispose](): void {
    for (const writers of this.processes) writers.kill()
  }

  #all() {
    return this.processes.flatMap(({ progress }) => progress.threads)
  }
}
