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
    const known = this.#children.get(contender)
    if (known !== undefined) return known
    const child = await ChildHandle.start(this.#code)
    this.#children.set(contender, child)
    return child
  }

  /** Ends the process of a saver that failed: what is left in it is nobody's to trust. */
  async replace(contender: string): Promise<void> {
    const child = this.#children.get(contender)
    this.#children.delete(contender)
    await child?.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#children.values()].map(async (child) => await child.end()))
  }
}
