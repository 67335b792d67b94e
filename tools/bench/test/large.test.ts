import type { RunnableConfig } from '@langchain/core/runnables'
import { type CheckpointTuple, MemorySaver } from '@langchain/langgraph-checkpoint'
import { describe, expect, test } from 'vitest'
import { SavedValue, TextSource } from '../src/child/large-value.js'
import type { OpenedContender } from '../src/savers/contender.js'

function opened(saver: MemorySaver, reopened: MemorySaver): OpenedContender {
  return { saver, reopen: async () => reopened, close: async () => {} }
}

/** Gives back another value than it holds. */
class Changing extends MemorySaver {
  constructor(source: MemorySaver, change: (value: unknown) => unknown) {
    super()
    this.storage = source.storage
    this.#change = change
  }

  readonly #change: (value: unknown) => unknown

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const tuple = await super.getTuple(config)
    const values = tuple?.checkpoint.channel_values ?? {}
    for (const [name, value] of Object.entries(values)) values[name] = this.#change(value)
    return tuple
  }
}

describe('a text that is put and read', () => {
  test('is another one each time, of the same length', () => {
    const source = new TextSource(1, 1000)
    const [first, second] = [source.next(), source.next()]
    expect([first.length, second.length]).toEqual([1000, 1000])
    expect(first).not.toBe(second)
    expect(source.last).toBe(second)
  })

  test.each<readonly [string, (value: unknown) => unknown, RegExp]>([
    ['as it is', (value) => value, /^fine$/],
    ['cut short', (value) => String(value).slice(1), /another text, of 999 characters/],
    ['not at all', () => undefined, /read back as undefined/],
  ])('is held against what comes back: %s', async (_, change, outcome) => {
    const saver = new MemorySaver()
    const value = new SavedValue(opened(saver, new Changing(saver, change)), 't', new TextSource(1, 1000))
    await value.put()
    await value.forget()
    const told = await value.get().then(
      () => 'fine',
      (cause: unknown) => String(cause),
    )
    expect(told).toMatch(outcome)
  })
})
