import type { CairnSaverOptions } from '@cairnkit/langgraph'

/** A CairnSaver as a program uses it. */
export interface SaverOptions {
  readonly cairn: CairnSaverOptions
  /** The process that it stands for: a driver of its own over the same storage. @default 0 */
  readonly process?: 0 | 1
  /**
   * How many arguments reach its `put`. A wrapper that passes on three, as those of LangGraph's test helpers and of its API
   * server do, leaves out which versions are new.
   * @default 4
   */
  readonly putArguments?: 3 | 4
}
