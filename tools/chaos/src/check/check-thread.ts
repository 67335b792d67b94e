import type { BaseCheckpointSaver, CheckpointTuple } from '@langchain/langgraph-checkpoint'
import { checkTuple } from './check-tuple.js'
import type { Finding } from './findings.js'
import { type ThreadLog, acknowledged, checkpointName, surelyNotApplied } from './thread-log.js'

/** Compares what a thread holds with what its log says. */
export async function checkThread(saver: BaseCheckpointSaver, log: ThreadLog): Promise<Finding[]> {
  const { thread } = log
  const findings: Finding[] = []
  const stored = new Map<string, CheckpointTuple>()
  try {
    for await (const tuple of saver.list({ configurable: { thread_id: thread } })) {
      const name = nameOf(tuple)
      if (stored.has(name)) findings.push({ type: 'duplicated', thread, place: name, detail: 'listed twice' })
      stored.set(name, tuple)
      findings.push(...checkTuple(tuple, name, log))
    }
  } catch (error) {
    findings.push({ type: 'half', thread, place: 'list', detail: textOf(error) })
  }
  return [
    ...findings,
    ...missing(log, stored),
    ...orphans(log, stored),
    ...(await checkHead(saver, thread, stored)),
  ]
}

/** What was acknowledged and is not there. */
function missing(log: ThreadLog, stored: ReadonlyMap<string, CheckpointTuple>): Finding[] {
  const { thread } = log
  const findings: Finding[] = []
  for (const [name, attempts] of log.puts) {
    const put = acknowledged(attempts)
    if (stored.has(name)) {
      if (surelyNotApplied(attempts)) {
        findings.push({ type: 'misclassified', thread, place: name, detail: 'a put that failed is there' })
      }
    } else if (put !== undefined) {
      findings.push({ type: 'lost', what: 'checkpoint', thread, place: name, at: put.at })
    }
  }
  for (const [name, slots] of log.writes) {
    if (stored.has(name)) continue
    // A write whose checkpoint was never acknowledged is invisible, and was of no use to anybody.
    const put = acknowledged(log.puts.get(name) ?? [])
    if (put === undefined) continue
    for (const [key, { attempts }] of slots) {
      const write = acknowledged(attempts)
      if (write !== undefined) {
        // One that came after its checkpoint had gone was lost with it.
        const at = Math.min(write.at, put.at)
        findings.push({ type: 'lost', what: 'write', thread, place: `${name} ${key}`, at })
      }
    }
  }
  return findings
}

/** Checkpoints whose parent is not there and was never acknowledged; that of a lost one is counted as lost. */
function orphans(log: ThreadLog, stored: ReadonlyMap<string, CheckpointTuple>): Finding[] {
  const { thread } = log
  return [...stored].flatMap(([name, { config, parentConfig }]) => {
    const parentId: unknown = parentConfig?.configurable?.['checkpoint_id']
    if (typeof parentId !== 'string') return []
    const namespace = String(config.configurable?.['checkpoint_ns'] ?? '')
    const parent = checkpointName(namespace, parentId)
    if (stored.has(parent) || acknowledged(log.puts.get(parent) ?? []) !== undefined) return []
    return [{ type: 'half' as const, thread, place: name, detail: `its parent ${parentId} is not there` }]
  })
}

/** The latest checkpoint by `getTuple` is the latest of the list. */
async function checkHead(
  saver: BaseCheckpointSaver,
  thread: string,
  stored: ReadonlyMap<string, CheckpointTuple>,
): Promise<Finding[]> {
  const ids = [...stored.keys()].filter((name) => name.startsWith('/')).sort()
  try {
    const head = await saver.getTuple({ configurable: { thread_id: thread, checkpoint_ns: '' } })
    const name = head === undefined ? undefined : nameOf(head)
    if (name === ids.at(-1)) return []
    return [{ type: 'half', thread, place: name ?? 'head', detail: `the newest listed is ${ids.at(-1)}` }]
  } catch (error) {
    return [{ type: 'half', thread, place: 'head', detail: textOf(error) }]
  }
}

function nameOf({ config, checkpoint }: CheckpointTuple): string {
  return checkpointName(String(config.configurable?.['checkpoint_ns'] ?? ''), checkpoint.id)
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
