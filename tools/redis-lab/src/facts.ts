export type TopologyKind = 'standalone' | 'standalone-tls' | 'sentinel' | 'cluster'

/** The part a node plays when the lab starts; a failover changes the server, not this. */
export type NodeRole = 'primary' | 'replica' | 'sentinel'

/** One server of a lab, as plain JSON. */
export interface NodeFacts {
  /** `primary-1`, `replica-2`, `sentinel-3`: also the name of its directory. */
  readonly name: string
  readonly role: NodeRole
  readonly host: string
  readonly port: number
}

interface CommonFacts {
  /** What a person pastes into Cairn's `connect()`. */
  readonly url: string
  /** The servers that hold data. */
  readonly nodes: readonly NodeFacts[]
  /** Everything the lab wrote: configurations, logs, certificates. Removed with the lab. */
  readonly directory: string
  /** The socket over which another process asks the owner of the lab to kill, pause or restart a node. */
  readonly controlPath: string
}

export interface StandaloneFacts extends CommonFacts {
  readonly kind: 'standalone'
}

export interface StandaloneTlsFacts extends CommonFacts {
  readonly kind: 'standalone-tls'
  readonly caFile: string
  /** PEM text of the authority that signed the server's certificate. */
  readonly ca: string
  /** The user that may run what Cairn needs, on Cairn's keys, and nothing else. */
  readonly username: string
  readonly password: string
  /** The user that may do everything; the `command()` of a node works as this user. */
  readonly adminUsername: string
  readonly adminPassword: string
}

export interface SentinelFacts extends CommonFacts {
  readonly kind: 'sentinel'
  /** The name under which the sentinels know the primary. */
  readonly name: string
  readonly sentinels: readonly NodeFacts[]
}

export interface ClusterFacts extends CommonFacts {
  readonly kind: 'cluster'
}

/** A running lab as plain JSON: survives `structuredClone`, a worker border and a file. */
export type LabFacts = StandaloneFacts | StandaloneTlsFacts | SentinelFacts | ClusterFacts
