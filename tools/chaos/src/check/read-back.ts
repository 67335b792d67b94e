import { CairnSaver } from '@cairnkit/langgraph'
import { type Lab, labFacts } from '@cairnkit/redis-lab'
import type { LogEntry } from '../log/entry.js'
import type { ClientName } from '../settings.js'
import { openDriver } from '../writer/open-driver.js'
import { checkStore } from './check-store.js'
import type { Finding } from './findings.js'
import { byThread } from './thread-log.js'

/** Reads all that is stored by each client, with a driver and a saver that have seen nothing yet. */
export async function readBack(
  clients: readonly ClientName[],
  lab: Lab,
  entries: readonly LogEntry[],
  onThread: (done: number, total: number) => void,
): Promise<Finding[]> {
  const threads = byThread(entries)
  const total = clients.length * threads.size
  let done = 0
  // What one client finds and the other does not is found as well.
  const findings = new Map<string, Finding>()
  for (const client of clients) {
    const driver = await openDriver(client, labFacts(lab), undefined)
    try {
      const saver = new CairnSaver(driver)
      for (const finding of await checkStore(saver, threads.values(), () => onThread(++done, total))) {
        findings.set(JSON.stringify(finding), finding)
      }
    } finally {
      await driver.close()
    }
  }
  return [...findings.values()]
}
