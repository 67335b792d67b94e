import type { Proof } from '../proof/proof.js'
import { PlainSaver } from '../support/plain-saver/plain-saver.js'
import { suiteOn } from './broken-saver.js'
import { faultsOfHeads } from './faults-of-heads.js'
import { faultsOfHistory } from './faults-of-history.js'
import { faultsOfIds } from './faults-of-ids.js'
import { faultsOfListing } from './faults-of-listing.js'
import { faultsOfMaintenance } from './faults-of-maintenance.js'
import { faultsOfReads } from './faults-of-reads.js'
import { faultsOfSerializers } from './faults-of-serializers.js'
import { faultsOfValues } from './faults-of-values.js'
import { faultsOfWrites } from './faults-of-writes.js'

const faults = [
  ...faultsOfWrites,
  ...faultsOfValues,
  ...faultsOfReads,
  ...faultsOfHeads,
  ...faultsOfListing,
  ...faultsOfHistory,
  ...faultsOfIds,
  ...faultsOfSerializers,
  ...faultsOfMaintenance,
]

export const checkpointerProof: Proof = {
  suite: 'describeCheckpointer',
  kind: 'a checkpointer',
  runUnbroken: suiteOn(PlainSaver, 150_000),
  broken: faults.map(({ Saver, ...fault }) => ({ ...fault, runSuite: suiteOn(Saver, 10_000) })),
}
