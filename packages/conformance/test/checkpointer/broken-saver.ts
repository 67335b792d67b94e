import type { SerializerProtocol } from '@langchain/langgraph-checkpoint'
import { type TestRunner, describeCheckpointer } from '@cairnkit/conformance'
import { CollectingRunner } from '../proof/collecting-runner.js'
import type { Fault, RunSuite } from '../proof/proof.js'
import type { PlainSaver } from '../support/plain-saver/plain-saver.js'
import { PlainStorage } from '../support/plain-saver/plain-storage.js'

export type SaverClass = new (storage: PlainStorage, serde?: SerializerProtocol) => PlainSaver

/** A checkpointer that does one step in a wrong way, and tests that must notice. */
export interface BrokenSaver extends Fault {
  readonly Saver: SaverClass
}

export function describePlainSaver(runner: TestRunner, Saver: SaverClass): void {
  const storage = new PlainStorage()
  describeCheckpointer(runner, {
    name: 'PlainSaver',
    createCheckpointer: ({ serde } = {}) => new Saver(storage, serde),
  })
}

export function suiteOn(Saver: SaverClass, timeLimitMs: number): RunSuite {
  return async (wanted) => {
    const runner = new CollectingRunner()
    describePlainSaver(runner, Saver)
    return await runner.run(timeLimitMs, wanted)
  }
}
