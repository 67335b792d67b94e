import type { Lab } from '@cairnkit/redis-lab'
import { primaryOfKey } from './primary-of-key.js'

/** A state of one key that can come back, as after a failover to a replica that was behind. */
export class ThreadPast {
  readonly #lab: Lab
  readonly #key: string
  #past: Buffer | undefined

  constructor(lab: Lab, key: string) {
    this.#lab = lab
    this.#key = key
  }

  /** Keeps the state of now. */
  async keep(): Promise<void> {
    const node = await primaryOfKey(this.#lab, this.#key)
    const dump = await node.commandBytes('DUMP', this.#key)
    if (!(dump instanceof Uint8Array)) throw new Error(`${this.#key} is not there`)
    this.#past = Buffer.from(dump)
  }

  async bringBack(): Promise<void> {
    if (this.#past === undefined) throw new Error(`No state of ${this.#key} was kept`)
    const node = await primaryOfKey(this.#lab, this.#key)
    await node.command('RESTORE', this.#key, '0', this.#past, 'REPLACE')
  }
}
