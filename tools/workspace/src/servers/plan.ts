import type { KnownServerName } from '@cairnkit/redis-lab'

/** What runs on one server. */
export interface ServerPlan {
  readonly server: KnownServerName
  /** The client of its cells; all topologies of it. */
  readonly client: 'ioredis' | 'node-redis'
  readonly files: readonly string[]
}

/** The two contracts, and which command the kernel sends. */
const contracts: readonly string[] = [
  ...['driver', 'checkpointer'].map((name) => `packages/integration/test/${name}.test.ts`),
  ...['scripts', 'lifecycle'].map((name) => `packages/redis-kernel/test/${name}.test.ts`),
]

/** Waiting for replicas, and for disks where the server can. */
const waiting: readonly string[] = [
  'packages/integration/test/durability.test.ts',
  'packages/redis-kernel/test/durability.test.ts',
]

/** Which form of the README's rule for users a server takes, and what it keeps of the default user's data. */
const rights: readonly string[] = [
  'packages/examples/test/acl.long.test.ts',
  'packages/redis-kernel/test/append-only-rights.test.ts',
]

/**
 * The servers that a change is tried on besides the one of the machine: the newest ones, on which disks are waited for
 * (WAITAOF), and one that knows no read-only scripts (EVALSHA_RO), on which the kernel falls back. On one between them, what
 * depends on its version alone.
 */
export const plans: readonly ServerPlan[] = [
  { server: 'redis-8', client: 'ioredis', files: [...contracts, ...waiting, ...rights] },
  { server: 'valkey-8', client: 'ioredis', files: rights },
  { server: 'valkey-9', client: 'node-redis', files: [...contracts, ...waiting, ...rights] },
  { server: 'redis-as-6.2', client: 'ioredis', files: [...contracts, ...rights] },
]
