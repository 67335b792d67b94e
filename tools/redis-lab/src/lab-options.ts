/** How soon another server takes over. */
export type FailoverPace = 'soon' | 'late'

export interface StartLabOptions {
  /** Ends a start that is going on; the servers are cleaned up. A lab that has started is ended by `stop()`. */
  readonly signal?: AbortSignal | undefined
  /** What `CAIRN_REDIS_SERVER` could name. @default what that names, else `redis-server` */
  readonly program?: string | undefined
  /**
   * `namespaces`: each server in a network namespace of its own, so that it can be cut off. For Linux, as root; see
   * `namespacesWork`. @default 'loopback'
   */
  readonly network?: 'loopback' | 'namespaces' | undefined
  /** Write every command to disk, so that `restart()` finds the data again. @default false */
  readonly appendOnly?: boolean | undefined
  /** Further lines of the data servers' configuration, such as `{ maxmemory: '64mb' }`. @default none */
  readonly config?: Readonly<Record<string, string>> | undefined
  /**
   * When a server that is silent counts as lost. `late`: after half a minute, so that nothing fails over by itself,
   * however busy the machine is. `soon`: after 1 s in a Cluster and 2 s with Sentinel, for what waits for a failover.
   * @default 'late'
   */
  readonly failover?: FailoverPace | undefined
  /** The keys that the unprivileged user of `standalone-tls` may touch. @default 'cairn*' */
  readonly aclKeyPattern?: string | undefined
  /** @default 120000 */
  readonly startTimeoutMs?: number | undefined
}
