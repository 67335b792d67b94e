import * as runner from 'vitest'
import { CollectingRunner } from '../proof/collecting-runner.js'
import { judge, needlessSections, repeatedNames, unprovedTests } from '../proof/proof.js'
import { PlainSaver } from '../support/plain-saver/plain-saver.js'
import { describePlainSaver } from './broken-saver.js'
import { checkpointerProof } from './proof.js'

const { describe, expect, it } = runner

const { broken } = checkpointerProof
const declared = new CollectingRunner()
describePlainSaver(declared, PlainSaver)
const { places } = declared

describePlainSaver(runner, PlainSaver)

describe('the checkpointer suite', () => {
  it('names each test once', () => {
    expect(places.length).toBeGreaterThan(70)
    expect(repeatedNames(places)).toEqual([])
  })

  it('has no test that no broken checkpointer turns red', () => {
    expect(unprovedTests(places, broken)).toEqual([])
  })

  it('has no section without which all of them would be caught', () => {
    const caught = broken.map(({ noticedBy }) => places.filter(({ name }) => noticedBy.includes(name)))
    expect(needlessSections(places, caught)).toEqual([])
  })

  it.each(broken)('notices a checkpointer that $name', async (implementation) => {
    expect((await judge(implementation)).missedBy).toEqual([])
  })
})
