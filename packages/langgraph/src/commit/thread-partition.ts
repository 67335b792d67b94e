import type { Partition } from '@cairnkit/core'

/** What a commit needs of the partition of a thread. */
export type ThreadPartition = Pick<Partition, 'commit' | 'id' | 'read'>
