/** In what a reference is not `MemorySaver` as it is: to take away a difference that is known. */
export interface ReferenceTraits {
  /**
   * What decides over the value of a channel that did not change. `checkpoint`: what the state holds when the checkpoint
   * is put, changed in place or not. `version`: what was stored when the channel got its version.
   * @default 'checkpoint'
   */
  readonly valuesBy?: 'checkpoint' | 'version'
  /** Whether a config without `checkpoint_ns` is refused by `putWrites`. @default true */
  readonly needsNamespace?: boolean
  /**
   * Which checkpoint of a namespace is the latest. `id`: the one with the largest id. `cause`: the one that was put on the
   * latest, whatever its id; of any others the one with the largest id.
   * @default 'id'
   */
  readonly headBy?: 'id' | 'cause'
}
