/**
 * A process that takes the lease on a thread and does what it is told, one word a line: `write`, `end`. It tells what came
 * of it the same way: `ready`, `held`, `stored`, `released`, or the code of an error.
 */
import { createInterface } from 'node:readline'
import { CairnSaver } from '@cairnkit/langgraph'
import { emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { type RemoteStorage, openRemote } from './remote-storage.js'

export interface LeaseOrder {
  readonly remote: RemoteStorage
  readonly threadId: string
  readonly name: string
  readonly ttlMs: number
}

const order = JSON.parse(process.argv[2] ?? '') as LeaseOrder
const driver = openRemote(order.remote)
const saver = new CairnSaver(driver)
const words = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

function tell(word: string): void {
  process.stdout.write(`${word}\n`)
}

function codeOf(cause: unknown): string {
  return String((cause as { readonly code?: unknown }).code ?? cause)
}

async function write(): Promise<string> {
  const config = { configurable: { thread_id: order.threadId } }
  const head = await saver.getTuple(config)
  const values = (head?.checkpoint.channel_values['names'] as string[] | undefined) ?? []
  const next = {
    ...emptyCheckpoint(),
    channel_values: { names: [...values, order.name] },
    channel_versions: { names: values.length + 1 },
  }
  const metadata = { source: 'loop' as const, step: values.length, parents: {} }
  return await saver
    .put(head?.config ?? config, next, metadata, { names: values.length + 1 })
    .then(() => 'stored', codeOf)
}

await driver.open()
tell('ready')
await words.next()
const outcome = await saver
  .withThread(
    order.threadId,
    async () => {
      tell('held')
      for (;;) {
        const { value } = await words.next()
        if (value !== 'write') return 'released'
        tell(await write())
      }
    },
    { ttlMs: order.ttlMs, waitMs: 50_000 },
  )
  .catch(codeOf)
tell(outcome)
await driver.close()
process.exit(0)
