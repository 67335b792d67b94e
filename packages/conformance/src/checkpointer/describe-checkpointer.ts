import type { TestRunner } from '../runner.js'
import { carryOver } from './carry-over.js'
import { deleting } from './deleting.js'
import { deltaChannels } from './delta-channels.js'
import { freshness } from './freshness.js'
import { heads } from './heads.js'
import type { CheckpointerHarness } from './harness.js'
import { listing } from './listing.js'
import { maintenance } from './maintenance.js'
import { mistakes } from './mistakes.js'
import { oddIds } from './odd-ids.js'
import { pendingSends } from './pending-sends.js'
import { pendingWrites } from './pending-writes.js'
import { suiteOf } from './scene.js'
import { serializers } from './serializers.js'

const chapters = {
  'pending writes': pendingWrites,
  'channel values': carryOver,
  freshness,
  listing,
  'the head': heads,
  deleting,
  'delta channels': deltaChannels,
  'pending sends': pendingSends,
  'odd ids': oddIds,
  maintenance,
  mistakes,
  serializers,
}

/**
 * Defines the tests of a correct LangGraph checkpointer. They test rules that LangGraph's own validation suite does not ask
 * for, so run both suites.
 */
export function describeCheckpointer(runner: TestRunner, harness: CheckpointerHarness): void {
  runner.describe(`${harness.name} is a checkpointer`, () => {
    const suite = suiteOf(runner, harness)
    for (const [title, chapter] of Object.entries(chapters)) runner.describe(title, () => chapter(suite))
  })
}
