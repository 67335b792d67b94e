import { type Clock, StorageError, tellObserver } from '@cairnkit/core'
import type { BackgroundWork } from '../background/background-work.js'
import { BoundedMap } from '../bounds/bounded-map.js'
import type { Directory } from './directory.js'
import type { DirectoryObserver } from './directory-event.js'
import { type EntryNews, afterNews, bothNews } from './entry-change.js'

/** How far apart the writes of one thread are by one process, in milliseconds, if nothing but its time changes. */
const PAUSE_MS = 3000

/** How many threads wait to be written at the most; what is over that is written when the thread is next written. */
const MOST_WAITING = 10_000

/** How much is kept of what was written last, in bytes. */
const WRITTEN_BYTES = 2 * 1024 * 1024

/** About what one thread costs there, without its texts. */
const WRITTEN_COST_BYTES = 100

interface Waiting {
  readonly news: EntryNews
  /** When it was told last, and when the thread was born, by the clock of the process. */
  readonly toldAt: number
  readonly bornAt: number | undefined
  readonly dueAt: number
}

/**
 * Writes the directory beside the runs: what is new about a thread at once, and that it was written at most once in 3 s. What waits
 * is lost with the process, and told again when the thread is next written.
 */
export class WriteBehind {
  readonly #directory: Directory
  readonly #background: BackgroundWork
  readonly #observer: DirectoryObserver | undefined
  readonly #indexedKeys: readonly string[]
  readonly #clock: Clock
  readonly #waiting = new Map<string, Waiting>()
  /** What is said of a thread in its entry, and until when nothing but its time is written. */
  readonly #written = new BoundedMap<string, { readonly facts: string; readonly restsUntil: number }>(
    WRITTEN_BYTES,
  )
  #running: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #timerAt = Number.NEGATIVE_INFINITY
  #failure: { readonly error: unknown } | undefined

  constructor(
    directory: Directory,
    background: BackgroundWork,
    settings: {
      readonly observer: DirectoryObserver | undefined
      readonly indexedKeys: readonly string[]
      readonly clock: Clock
    },
  ) {
    this.#directory = directory
    this.#background = background
    this.#observer = settings.observer
    this.#indexedKeys = settings.indexedKeys
    this.#clock = settings.clock
  }

  tell(threadId: string, news: EntryNews): void {
    const now = this.#clock.now()
    const before = this.#waiting.get(threadId)
    const facts = factsOf(news)
    const written = this.#written.get(threadId)
    const isNew =
      news.bornMsAgo !== undefined ||
      news.waiting !== undefined ||
      news.failed !== undefined ||
      written === undefined ||
      (facts !== NO_FACTS && written.facts !== facts)
    const restsUntil = isNew ? now + PAUSE_MS : written.restsUntil
    const known = { facts: facts === NO_FACTS ? (written?.facts ?? facts) : facts, restsUntil }
    this.#written.set(threadId, known, WRITTEN_COST_BYTES + 2 * (threadId.length + known.facts.length))
    const dueAt = Math.min(before?.dueAt ?? Number.POSITIVE_INFINITY, isNew ? now : Math.max(now, restsUntil))
    this.#waiting.set(threadId, {
      news: before === undefined ? news : bothNews(before.news, news),
      toldAt: now,
      bornAt: news.bornMsAgo === undefined ? before?.bornAt : now,
      dueAt,
    })
    this.#bound()
    // Those that wait are many, and told of often: they are gone through only if this one is due before all.
    if (this.#timer === undefined || dueAt < this.#timerAt) this.#wake()
  }

  /** Nothing that was told before counts any more. */
  forget(threadId: string): void {
    this.#waiting.delete(threadId)
    this.#written.delete(threadId)
  }

  /** Writes what waits. Rejects with the last failure if something could not be written; that waits on. */
  async flush(): Promise<void> {
    this.#failure = undefined
    for (const [id, waiting] of this.#waiting)
      this.#waiting.set(id, { ...waiting, dueAt: Number.NEGATIVE_INFINITY })
    this.#wake()
    while (this.#running !== undefined) await this.#running
    const failure = this.#takeFailure()
    if (failure !== undefined) throw failure.error
  }

  /** Resolves when what was new before the call is written, or could not be. What waits for its time is left. Never rejects. */
  async settled(): Promise<void> {
    // What was told during a write goes with the next one.
    await this.#running
    await this.#running
  }

  #takeFailure(): { readonly error: unknown } | undefined {
    const failure = this.#failure
    this.#failure = undefined
    return failure
  }

  /** One write is under way at a time: what is told meanwhile goes with the next one. */
  #wake(): void {
    if (this.#running !== undefined || this.#waiting.size === 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    const now = this.#clock.now()
    let nextAt = Number.POSITIVE_INFINITY
    for (const { dueAt } of this.#waiting.values()) nextAt = Math.min(nextAt, dueAt)
    if (nextAt > now) {
      this.#timerAt = nextAt
      this.#timer = setTimeout(() => this.#wake(), Math.max(1, nextAt - now))
      // A process that has nothing else to do ends.
      this.#timer.unref()
      return
    }
    this.#running = this.#run().finally(() => {
      this.#running = undefined
      this.#wake()
    })
  }

  async #run(): Promise<void> {
    // After the tick, so that what one tick tells of many threads goes together.
    await new Promise((resolve) => setImmediate(resolve))
    const now = this.#clock.now()
    const due = [...this.#waiting].filter(([, { dueAt }]) => dueAt <= now)
    if (due.length === 0) return
    for (const [id] of due) this.#waiting.delete(id)
    await new Promise<void>((resolve) => {
      this.#background.start('directory', due[0]?.[0] ?? '', async () => {
        try {
          await this.#write(due)
        } catch (error) {
          this.#failure = { error }
          throw error
        } finally {
          resolve()
        }
      })
    })
  }

  /** What cannot be written ever keeps nothing else from being written. */
  async #write(due: readonly (readonly [string, Waiting])[]): Promise<void> {
    try {
      await this.#writeTogether(due)
    } catch (error) {
      const isForEver = StorageError.isInstance(error) && error.disposition === 'permanent'
      if (!isForEver) this.#putBack(due)
      else if (due.length > 1) return await this.#writeEach(due)
      else for (const [id] of due) this.#written.delete(id)
      throw error
    }
  }

  async #writeEach(due: readonly (readonly [string, Waiting])[]): Promise<void> {
    let failure: { readonly error: unknown } | undefined
    for (const each of due) {
      try {
        await this.#write([each])
      } catch (error) {
        failure = { error }
      }
    }
    if (failure !== undefined) throw failure.error
  }

  async #writeTogether(due: readonly (readonly [string, Waiting])[]): Promise<void> {
    const changes = new Map(
      due.map(([id, { news, toldAt, bornAt }]) => [
        id,
        (before: Parameters<typeof afterNews>[0], nowMs: number) => {
          const now = this.#clock.now()
          const bornMsAgo = bornAt === undefined ? undefined : now - bornAt
          return afterNews(before, { ...news, ageMs: now - toldAt, bornMsAgo }, this.#indexedKeys, nowMs)
        },
      ]),
    )
    await this.#directory.change(changes)
    tellObserver('saver', () => this.#observer?.onDirectory?.({ kind: 'written', threads: due.length }))
  }

  /** What could not be written waits for as long as between two writes. */
  #putBack(due: readonly (readonly [string, Waiting])[]): void {
    const dueAt = this.#clock.now() + PAUSE_MS
    for (const [id, waiting] of due) {
      // A thread that was removed meanwhile is not known any more.
      if (this.#written.peek(id) === undefined) continue
      const later = this.#waiting.get(id)
      this.#waiting.set(id, {
        news: later === undefined ? waiting.news : bothNews(waiting.news, later.news),
        toldAt: later?.toldAt ?? waiting.toldAt,
        bornAt: later?.bornAt ?? waiting.bornAt,
        dueAt: Math.max(later?.dueAt ?? dueAt, dueAt),
      })
    }
    this.#bound()
  }

  #bound(): void {
    for (const [id] of this.#waiting) {
      if (this.#waiting.size <= MOST_WAITING) return
      this.#waiting.delete(id)
      this.#written.delete(id)
    }
  }
}

const NO_FACTS = '[]'

function factsOf({ tags }: EntryNews): string {
  return JSON.stringify(Object.entries(tags))
}
