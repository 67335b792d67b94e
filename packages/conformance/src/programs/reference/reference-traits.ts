/** How a reference differs from `MemorySaver`, to remove the cause of a known difference. */
export interface ReferenceTraits {
  /**
   * Which value a channel has whose version did not change. `checkpoint`: the one in the state when the checkpoint is put, even
   * if it was changed in place. `version`: the one that was stored when the channel got its version.
   * @default 'checkpoint'
   */
  readonly valuesBy?: 'checkpoint' | 'version'
  /** Whether `putWrites` refuses a config without `checkpoint_ns`. @default true */
  readonly needsNamespace?: boolean
  /**
   * Which checkpoint of a namespace is the latest. `id`: the one with the largest id. `cause`: the one that was put on the
   * latest one, whatever its id; if there is none, the one with the largest id.
   * @default 'id'
   */
  readonly headBy?: 'id' | 'cause'
}
