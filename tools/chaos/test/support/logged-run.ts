import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StorageDriver } from '@cairnkit/core'
import { createMemoryDriver } from '@cairnkit/memory'
import { AckLog, readLog } from '../../src/log/ack-log.js'
import type { LogEntry } from '../../src/log/entry.js'
import { conversation, correctionOf, inputOf } from '../../src/writer/graph.js'
import { RecordingSaver } from '../../src/writer/recording-saver.js'

export interface LoggedRun {
  readonly driver: StorageDriver
  readonly entries: LogEntry[]
}

/** Two threads of the graph that writers drive, on a driver in memory, with the log of what was acknowledged. */
export async function loggedRun(turns = 4): Promise<LoggedRun> {
  const directory = await mkdtemp(join(tmpdir(), 'cairn-chaos-test-'))
  const driver = createMemoryDriver()
  await driver.open()
  const file = join(directory, 'log.jsonl')
  const log = new AckLog(file)
  const graph = conversation(new RecordingSaver(driver, {}, log, () => undefined))
  for (const thread of ['w1-0-1', 'w1-1-1']) {
    const config = { configurable: { thread_id: thread }, metadata: { turn: 0 } }
    for (let turn = 1; turn <= turns; turn++) {
      await graph.invoke(inputOf(thread, turn), { ...config, durability: 'async' })
    }
    let older = config as { configurable: Record<string, unknown> }
    for await (const state of graph.getStateHistory(config, { limit: 5 })) {
      older = { configurable: { ...state.config.configurable } }
    }
    await graph.updateState(older, correctionOf(thread, turns), 'answer')
  }
  log.close()
  const entries = readLog(file)
  await rm(directory, { recursive: true })
  return { driver, entries }
}
