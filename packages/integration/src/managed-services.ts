/** What a page of a service says about commands. */
type PublishedCommands =
  /** It lists the commands that the service does not have. */
  | { readonly kind: 'all but'; readonly commands: readonly string[] }
  /** It lists those that the service has; these of Cairn's are not there, or were not found there. */
  | { readonly kind: 'listed'; readonly without: readonly string[] }

/** A plan of a managed service, as its own pages describe it. */
export interface ManagedService {
  /** As in docs/managed-services.md. */
  readonly name: string
  /** How its endpoint is spoken to: as one server, or by the protocol of Cluster. */
  readonly topologies: readonly ('standalone' | 'cluster')[]
  readonly commands: PublishedCommands
  /** `unsupported`: it allows no scripts, so a driver refuses to open. */
  readonly outcome: 'works' | 'unsupported'
  /** What `durability` can ask for. */
  readonly waits: readonly ('replicas' | 'disks')[]
}

/** Neither for `durability`, nor for a slot that moves, nor for a database. */
const WAITS: readonly string[] = ['wait', 'waitaof']

/** Where the service has one endpoint and one database, or moves slots behind it. */
const PLACES: readonly string[] = ['select', 'asking']

const OF_OCI: readonly string[] = [
  ...['acl', 'bgrewriteaof', 'bgsave', 'config|set', 'debug', 'migrate', 'module', 'psync', 'replicaof'],
  ...['save', 'shutdown', 'slaveof', 'sync'],
]

const OF_AIVEN: readonly string[] = [
  ...['acl', 'bgsave', 'cluster', 'command', 'config', 'debug', 'failover', 'lastsave', 'migrate', 'monitor'],
  ...['replicaof', 'save', 'shutdown', 'slaveof'],
]

/**
 * What services publish about commands, read in November 2026. A user of a test may do exactly that: it shows which commands
 * a service must have, and nothing of its proxies, limits and failovers.
 */
export const managedServices: readonly ManagedService[] = [
  {
    name: 'Amazon ElastiCache, own nodes',
    topologies: ['standalone', 'cluster'],
    commands: {
      kind: 'all but',
      commands: [
        ...['bgrewriteaof', 'bgsave', 'config', 'debug', 'migrate', 'replicaof', 'save', 'shutdown'],
        ...['slaveof', 'sync'],
      ],
    },
    outcome: 'works',
    waits: ['replicas', 'disks'],
  },
  {
    name: 'Amazon ElastiCache Serverless',
    topologies: ['cluster'],
    commands: { kind: 'listed', without: [...WAITS, ...PLACES, 'info', 'client|setname'] },
    outcome: 'works',
    waits: [],
  },
  {
    name: 'Google Memorystore for Valkey',
    topologies: ['standalone', 'cluster'],
    commands: { kind: 'listed', without: [...WAITS, ...PLACES] },
    outcome: 'works',
    waits: [],
  },
  {
    name: 'Azure Managed Redis',
    topologies: ['standalone', 'cluster'],
    commands: { kind: 'listed', without: [...WAITS, ...PLACES] },
    outcome: 'works',
    waits: [],
  },
  {
    name: 'Oracle OCI Cache, not sharded',
    topologies: ['standalone'],
    commands: { kind: 'all but', commands: [...OF_OCI, 'cluster'] },
    outcome: 'works',
    waits: ['replicas', 'disks'],
  },
  {
    name: 'Oracle OCI Cache, sharded',
    topologies: ['cluster'],
    commands: {
      kind: 'all but',
      // CLUSTER is on the list too, and without its SLOTS no client gets as far as a script.
      commands: [
        ...[...OF_OCI, 'eval', 'eval_ro', 'evalsha', 'evalsha_ro', 'fcall', 'fcall_ro', 'function'],
        'script',
      ],
    },
    outcome: 'unsupported',
    waits: [],
  },
  {
    name: 'Aiven for Valkey',
    topologies: ['standalone'],
    commands: { kind: 'all but', commands: OF_AIVEN },
    outcome: 'works',
    waits: ['replicas', 'disks'],
  },
  {
    name: 'Aiven for Caching',
    topologies: ['standalone'],
    commands: { kind: 'all but', commands: [...OF_AIVEN, 'role'] },
    outcome: 'works',
    waits: ['replicas', 'disks'],
  },
  {
    name: 'Upstash, by TCP',
    topologies: ['standalone'],
    commands: { kind: 'listed', without: [...WAITS, ...PLACES, 'info'] },
    outcome: 'works',
    waits: [],
  },
]

/** The rights of a user who may do what a service publishes. `cairns`: the commands of Cairn. */
export function rightsOf(
  { commands }: ManagedService,
  cairns: readonly string[],
): readonly (readonly [sign: '+' | '-', command: string])[] {
  switch (commands.kind) {
    case 'all but':
      return [['+', '@all'], ...commands.commands.map((command) => ['-', command] as const)]
    case 'listed':
      return [
        ['-', '@all'],
        ...cairns
          .filter((command) => !commands.without.includes(command))
          .map((command) => ['+', command] as const),
      ]
  }
}
