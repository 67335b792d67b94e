import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { checkThread } from './check-thread.js'
import type { Finding } from './findings.js'
import type { ThreadLog } from './thread-log.js'

/** How many threads are read at a time. */
const LANES = 8

/** Compares all that is stored with all that was logged. */
export async function checkStore(
  saver: BaseCheckpointSaver,
  threads: Iterable<ThreadLog>,
  onThread: () => void = () => undefined,
): Promise<Finding[]> {
  const queue = [...threads]
  const findings: Finding[] = []
  const lane = async (): Promise<void> => {
    for (let log = queue.pop(); log !== undefined; log = queue.pop()) {
      findings.push(...(await checkThread(saver, log)))
      onThread()
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return findings
}
