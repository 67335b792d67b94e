import type { TestRunner } from '../runner.js'
import { brokenConnections } from './broken-connections.js'
import { checks } from './checks.js'
import { concurrency } from './concurrency.js'
import { decidingRecords } from './deciding-records.js'
import { durability } from './durability.js'
import { dropping } from './dropping.js'
import { groups } from './groups.js'
import type { StorageDriverHarness } from './harness.js'
import { hostileNames } from './hostile-names.js'
import { knownObjects } from './known-objects.js'
import { lifecycle } from './lifecycle.js'
import { listing } from './listing.js'
import { likeTheModel } from './model-comparison.js'
import { reads } from './reads.js'
import { atomicity } from './rule-1-atomicity.js'
import { oneInstant } from './rule-2-one-instant.js'
import { onePartition } from './rule-3-one-partition.js'
import { keyOrder } from './rule-4-key-order.js'
import { exactBytes } from './rule-5-exact-bytes.js'
import { expiry } from './rule-6-expiry.js'
import { existence } from './rule-7-existence.js'
import { outcomes } from './rule-8-outcomes.js'
import { references } from './rule-9-references.js'
import { silentConnections } from './silent-connections.js'
import { sizes } from './sizes.js'
import { DriverSuite } from './suite.js'
import { sweeping } from './sweep.js'
import { time } from './time.js'
import { writes } from './writes.js'

/** In the order of the contract: its rules, then its operations, then what the world does to them. */
const sections = [
  atomicity,
  oneInstant,
  onePartition,
  keyOrder,
  exactBytes,
  expiry,
  decidingRecords,
  existence,
  outcomes,
  references,
  knownObjects,
  reads,
  time,
  groups,
  checks,
  writes,
  sweeping,
  durability,
  dropping,
  listing,
  lifecycle,
  brokenConnections,
  silentConnections,
  concurrency,
  sizes,
  hostileNames,
  likeTheModel,
]

/**
 * Defines the tests of the storage contract for one driver.
 *
 * The number of tests is the same for every harness. A test of something that a harness cannot do is skipped with a reason.
 */
export function describeStorageDriver(runner: TestRunner, harness: StorageDriverHarness): void {
  const suite = new DriverSuite(runner, harness)
  suite.describe(() => {
    for (const section of sections) section(suite)
  })
}
