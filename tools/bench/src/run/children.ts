import { twinOf } from '../savers/crowded.js'
import { ChildHandle } from './child-handle.js'
import type { MeasuredCode } from './plan.js'

/** One process per saver, for the whole run. */
export class Children implements AsyncDisposable {
  readonly #children = new Map<string, ChildHandle>()
  readonly #code: MeasuredCode

  constructor(code: MeasuredCode) {
    this.#code = code
  }

  async of(contender: string): Promise<ChildHandle> {
    const saver = saverOf(contender)
    const known = this.#children.get(saver)
    if (known !== undefined) return known
    const child = await ChildHandle.start(this.#code)
    this.#children.set(saver, child)
    return child
  }

  /** Ends the process of a saver that failed: what is left in it is nobody's to trust. */
  async replace(contender: string): Promise<void> {
    const saver = saverOf(contender)
    const child = this.#children.get(saver)
    this.#children.delete(saver)
    await child?.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#children.values()].map(async (child) => await child.end()))
  }
}

/** Twins share a process: one of their own would not have run as much before, and be slower for that. */
function saverOf(contender: string): string {
  return twinOf(contender) ?? contender
}
