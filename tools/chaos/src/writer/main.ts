import { setMaxListeners } from 'node:events'
import { seededRandom } from '@cairnkit/conformance/faults'
import type { CairnSaverOptions } from '@cairnkit/langgraph'
import { AckLog } from '../log/ack-log.js'
import { now } from '../log/entry.js'
import { saverOptions } from '../settings.js'
import { conversation } from './graph.js'
import { openDriver } from './open-driver.js'
import type { Healed, ToWriter, WriterOrders, WriterProgress } from './protocol.js'
import { RecordingSaver } from './recording-saver.js'
import { Writer } from './writer.js'

// LangGraph listens to one signal once per task of a fan-out.
setMaxListeners(0)

const PROGRESS_EVERY_MS = 100
const stopping = new AbortController()

async function work(orders: WriterOrders): Promise<void> {
  const log = new AckLog(orders.logFile)
  const driver = await openDriver(orders.client, orders.facts, orders.addressMap)
  let acknowledged = 0
  let refused = 0
  const lastAcknowledged = new Map<string, number>()
  let healed: Healed = { checkpoints: 0, writes: 0 }
  const observer: CairnSaverOptions['observer'] = {
    onHealed: ({ checkpoints, writes }) => {
      healed = { checkpoints: healed.checkpoints + checkpoints, writes: healed.writes + writes }
    },
  }
  const saver = new RecordingSaver(
    driver,
    { ...saverOptions(orders.saver), observer },
    log,
    (thread, { ok }) => {
      if (!ok) refused += 1
      else {
        acknowledged += 1
        lastAcknowledged.set(writerOf(thread), now())
      }
    },
  )
  const graph = conversation(saver)
  const writers = Array.from({ length: orders.writers }, (_, at) => {
    return new Writer(`${orders.name}-${at}`, graph, log, seededRandom(orders.seed + 7919 * at))
  })
  const report = (): void => {
    const threads = writers.map(({ thread }) => ({
      thread,
      lastAcknowledged: lastAcknowledged.get(writerOf(thread)) ?? 0,
    }))
    const turns = writers.reduce((sum, writer) => sum + writer.turns, 0)
    process.send?.({ acknowledged, refused, turns, healed, threads } satisfies WriterProgress)
  }
  const reporting = setInterval(report, PROGRESS_EVERY_MS)
  await Promise.all(writers.map((writer) => writer.run(stopping.signal)))
  clearInterval(reporting)
  report()
  await driver.close()
  log.close()
}

/** Everything but the number of the thread. */
function writerOf(thread: string): string {
  return thread.slice(0, thread.lastIndexOf('-'))
}

process.on('message', (message: ToWriter) => {
  if (message.type === 'stop') stopping.abort()
  else void work(message.orders).then(() => process.disconnect())
})
// Without a parent nobody checks what is written.
process.on('disconnect', () => {
  if (!stopping.signal.aborted) process.exit(1)
})
