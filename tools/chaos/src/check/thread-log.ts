import type { LogEntry, Outcome, PutEntry, TurnEntry } from '../log/entry.js'

/** One write of one call. */
export interface WriteAttempt {
  readonly at: number
  readonly digest: string
  readonly outcome: Outcome
}

/** What was tried to write at one index of one task. */
export interface WriteSlot {
  readonly taskId: string
  readonly channel: string
  readonly attempts: WriteAttempt[]
}

/** The log of one thread, by what it should have left behind. */
export class ThreadLog {
  readonly thread: string
  /** By {@link checkpointName}. */
  readonly puts: Map<string, PutEntry[]> = new Map()
  /** By {@link checkpointName}, then by task and index. */
  readonly writes: Map<string, Map<string, WriteSlot>> = new Map()
  readonly turns: TurnEntry[] = []

  constructor(thread: string) {
    this.thread = thread
  }

  add(entry: LogEntry): void {
    switch (entry.type) {
      case 'put':
        listIn(this.puts, checkpointName(entry.namespace, entry.checkpointId)).push(entry)
        return
      case 'writes': {
        const name = checkpointName(entry.namespace, entry.checkpointId)
        const slots = this.writes.get(name) ?? new Map<string, WriteSlot>()
        this.writes.set(name, slots)
        const { taskId, at, outcome } = entry
        for (const { index, channel, digest } of entry.writes) {
          const key = JSON.stringify([taskId, index])
          const slot = slots.get(key) ?? { taskId, channel, attempts: [] }
          slots.set(key, slot)
          slot.attempts.push({ at, digest, outcome })
        }
        return
      }
      case 'turn':
        this.turns.push(entry)
    }
  }
}

export function checkpointName(namespace: string, checkpointId: string): string {
  return `${namespace}/${checkpointId}`
}

/** The first acknowledgement, if there was any. */
export function acknowledged<T extends { readonly outcome: Outcome }>(attempts: readonly T[]): T | undefined {
  return attempts.find(({ outcome }) => outcome.ok)
}

/** Whether every error said that surely nothing was applied. */
export function surelyNotApplied(attempts: readonly { readonly outcome: Outcome }[]): boolean {
  return attempts.every(({ outcome }) => {
    if (outcome.ok) return false
    return outcome.error.disposition === 'transient' || outcome.error.disposition === 'permanent'
  })
}

/** Logs by thread. */
export function byThread(entries: Iterable<LogEntry>): ReadonlyMap<string, ThreadLog> {
  const threads = new Map<string, ThreadLog>()
  for (const entry of entries) {
    const log = threads.get(entry.thread) ?? new ThreadLog(entry.thread)
    threads.set(entry.thread, log)
    log.add(entry)
  }
  return threads
}

function listIn<V>(map: Map<string, V[]>, key: string): V[] {
  const list = map.get(key) ?? []
  map.set(key, list)
  return list
}
