import { Writable } from 'node:stream'
import type { RunnableConfig } from '@langchain/core/runnables'
import { type CheckpointTuple, MemorySaver } from '@langchain/langgraph-checkpoint'
import { beforeAll, describe, expect, test } from 'vitest'
import { readArguments } from '../src/arguments.js'
import { runBench } from '../src/bench.js'
import { SavedValue, TextSource } from '../src/child/large-value.js'
import type { MeasuredRow, Report } from '../src/results/report.js'
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

describe('the short form on Redis', () => {
  let report: Report

  beforeAll(async () => {
    const args = ['--quick', '--source', '--only', 'large-1mb', '--savers', 'cairn-ioredis']
    const options = readArguments(args)
    if (options === 'help') throw new Error('Nobody asked for help')
    report = await runBench(options, new Writable({ write: (_chunk, _encoding, done) => done() }))
  })

  test('shows put and get beside SET and GET, and how long each held the server', () => {
    const rows = (report.workloads[0]?.rows ?? []) as readonly MeasuredRow[]
    expect(rows.map(({ saver, status }) => [saver, status])).toEqual([
      ['cairn-ioredis', 'measured'],
      ['bare-set-get', 'measured'],
    ])
    for (const { figures } of rows) {
      const { putTime, getTime, putToSet, getToGet, putCommand, getCommand, putPing, getPing } = figures
      expect([putTime, getTime].map((times) => times?.samples.length)).toEqual([2, 2])
      for (const figure of [putTime, getTime, putToSet, getToGet, putPing, getPing])
        expect(figure?.median).toBeGreaterThan(0)
      // The server counts whole microseconds.
      expect(Math.min(putCommand?.median ?? 0, getCommand?.median ?? 0)).toBeGreaterThanOrEqual(0.001)
    }
    const [, bare] = rows.map(({ figures }) => figures)
    for (const ratio of [bare?.putToSet, bare?.getToGet]) expect(ratio?.median).toBeCloseTo(1)
  })

  test('judges nothing by a text that was not measured', () => {
    const held = report.budgets.filter(({ what }) => what.startsWith('longest command'))
    expect(held).toHaveLength(2)
    for (const { judged } of held)
      expect(new Set(judged.map(({ verdict }) => verdict))).toEqual(new Set(['not measured']))
  })
})
