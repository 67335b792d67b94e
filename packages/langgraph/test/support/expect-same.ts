import { expect } from 'vitest'
import { UnstorableValue } from '../../src/engine/values/unstorable-value.js'
import { throughEngine, throughStock } from './through-engine.js'

interface Outcome {
  readonly value?: unknown
  readonly failed: boolean
}

/** A value that the serializer itself cannot load back is one that the engine need not either. */
async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  return await work.then(
    (loaded) => ({ value: loaded, failed: false }),
    () => ({ failed: true }),
  )
}

const FAILURE = '[unable to serialize, circular reference is too complex to analyze]'

/** What the serializer replaces by a text that says so, the engine refuses. */
export async function expectSame(original: unknown): Promise<void> {
  const expected = await outcomeOf(throughStock(original))
  if (expected.failed) return
  const gave: unknown = await throughEngine(original).catch((cause: unknown) => {
    if (cause instanceof UnstorableValue) return FAILURE
    throw cause
  })
  expect(gave).toStrictEqual(expected.value)
}
