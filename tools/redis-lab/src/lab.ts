import type { MigrateOptions } from './cluster/migrate-slots.js'
import type {
  ClusterFacts,
  LabFacts,
  NodeFacts,
  SentinelFacts,
  StandaloneFacts,
  StandaloneTlsFacts,
} from './facts.js'
import type { CommandArgument, Reply } from './resp.js'
import type { WaitLimits } from './wait-for.js'

/** One server of a lab. */
export interface LabNode extends NodeFacts {
  /**
   * Sends one command and gives the reply with bulk strings as text. Rejects with `RedisReplyError` for an error
   * reply and with `Error` if the server does not answer within 10 s. Never sends a command twice.
   */
  command(...args: CommandArgument[]): Promise<unknown>
  /** As `command`, with bulk strings as the bytes they are. */
  commandBytes(...args: CommandArgument[]): Promise<Reply>
  /** SIGKILL; resolves when the server is gone. Its port stays reserved for `restart`. */
  kill(): Promise<void>
  /** SIGSTOP: the server keeps its connections and answers nothing. */
  pause(): Promise<void>
  /** SIGCONT. */
  resume(): Promise<void>
  /**
   * Starts the server on its old port, after ending it in good order if it runs; resolves when it answers. Without
   * `appendOnly` a server forgets its data; `empty` removes what is on disk as well. A cluster node stays the node
   * that the others know.
   */
  restart(options?: RestartOptions): Promise<void>
  /**
   * Cuts the server off from everything, this process too; its connections stay open and silent. Only in a lab with
   * `network: 'namespaces'`.
   */
  cut(): Promise<void>
  /** Ends what `cut` began. */
  mend(): Promise<void>
}

export interface RestartOptions {
  /** @default false */
  readonly empty?: boolean
}

interface LabBase extends AsyncDisposable {
  /** The servers that hold data; in a Cluster the three primaries come first, then their replicas in the same order. */
  readonly nodes: readonly [LabNode, ...LabNode[]]
  /** The servers that take writes now; one that fails over, or does not answer within a second, is missing. */
  primaries(): Promise<readonly LabNode[]>
  /** Resolves when the topology is whole: every node up, replicas in step, sentinels or cluster nodes agreeing. */
  ready(limits?: WaitLimits): Promise<void>
  /**
   * Ends what this handle began: the handle that started the lab ends the servers and removes their directory; an
   * attached one only lets go of its connections. Calling it twice is harmless.
   */
  stop(): Promise<void>
}

export interface StandaloneLab extends Omit<StandaloneFacts, 'nodes'>, LabBase {}

export interface StandaloneTlsLab extends Omit<StandaloneTlsFacts, 'nodes'>, LabBase {}

export interface SentinelLab extends Omit<SentinelFacts, 'nodes' | 'sentinels'>, LabBase {
  readonly sentinels: readonly LabNode[]
}

export interface ClusterLab extends Omit<ClusterFacts, 'nodes'>, LabBase {
  /** The hash slot of a key, by its tag if it has one. */
  slotOf(key: CommandArgument): number
  /** The node that serves the slot now. */
  primaryOf(slot: number): Promise<LabNode>
  /** Moves one slot with all its keys to another primary while clients go on; see `migrateSlots`. */
  moveSlot(slot: number, to: LabNode, options?: MigrateOptions): Promise<void>
  /**
   * Moves slots one after the other the way operators do it live: IMPORTING and MIGRATING, MIGRATE in batches, SETSLOT
   * NODE on every primary. A slot that is there already is skipped. Afterwards every primary knows; replicas hear of
   * it by gossip.
   */
  migrateSlots(slots: Iterable<number>, to: LabNode, options?: MigrateOptions): Promise<void>
}

export type Lab = StandaloneLab | StandaloneTlsLab | SentinelLab | ClusterLab

/** The lab of one kind: `LabOf<'cluster'>` is `ClusterLab`. */
export type LabOf<K extends Lab['kind']> = Extract<Lab, { readonly kind: K }>

/** The facts of one kind. */
export type FactsOf<K extends LabFacts['kind']> = Extract<LabFacts, { readonly kind: K }>
