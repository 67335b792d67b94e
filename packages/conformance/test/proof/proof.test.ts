import { describe, expect, it } from 'vitest'
import type { Outcome, Place } from './collecting-runner.js'
import { type BrokenImplementation, type Proof, judge, needlessSections, unprovedTests } from './proof.js'
import { tableOf, whatNothingDependsOn } from './table.js'

const places: readonly Place[] = [
  { name: 'keeps order', sections: ['suite', 'order'] },
  { name: 'keeps all', sections: ['suite', 'loss'] },
  { name: 'is quick', sections: ['suite', 'order'] },
]

function outcomesWith(...failing: readonly string[]): Outcome[] {
  return places.map((place) => ({
    ...place,
    state: failing.includes(place.name) ? 'failed' : 'passed',
    reason: '',
  }))
}

function broken(
  name: string,
  noticedBy: readonly string[],
  failing: readonly string[],
): BrokenImplementation {
  return {
    name,
    noticedBy,
    runSuite: async (wanted = () => true) => outcomesWith(...failing).filter(wanted),
  }
}

const turns = broken('turns it around', ['keeps order'], ['keeps order', 'keeps all'])
const unnoticed = broken('is slow', ['is quick', 'is no test'], [])

describe('a proof', () => {
  it('runs the tests that must notice, and tells which did', async () => {
    const { caughtBy, missedBy } = await judge(turns)
    expect(caughtBy.map(({ name }) => name)).toEqual(['keeps order'])
    expect(missedBy).toEqual([])
  })

  it('runs the whole suite when it is asked to', async () => {
    const { caughtBy } = await judge(turns, 'whole suite')
    expect(caughtBy.map(({ name }) => name)).toEqual(['keeps order', 'keeps all'])
  })

  it('says which tests did not notice, and which are no tests', async () => {
    expect(await judge(unnoticed)).toEqual({ caughtBy: [], missedBy: ['is quick', 'is no test'] })
  })

  it('knows the tests that nothing turns red, and the sections that nothing needs', () => {
    expect(unprovedTests(places, [turns])).toEqual(['keeps all', 'is quick'])
    expect(needlessSections(places, [[places[0] as Place]])).toEqual(['loss'])
    expect(needlessSections(places, [[places[0] as Place, places[1] as Place]])).toEqual(['order', 'loss'])
  })

  it('is printed with what caught each, and with what did not', async () => {
    const proof: Proof = {
      suite: 'describeThing',
      kind: 'a thing',
      runUnbroken: async () => outcomesWith(),
      broken: [turns, unnoticed],
    }
    const verdicts = [
      { broken: turns, ...(await judge(turns, 'whole suite')) },
      { broken: unnoticed, ...(await judge(unnoticed, 'whole suite')) },
    ]
    expect(tableOf(proof, verdicts).split('\n')).toEqual([
      'a thing that ...  is caught by, in describeThing',
      '----------------  ------------------------------',
      'turns it around   order: keeps order',
      '                  loss: keeps all',
      'is slow           NOT BY: is quick',
      '                  NOT BY: is no test',
      '',
      '1 of 2 are caught by every test that must notice',
    ])
    expect(whatNothingDependsOn(await proof.runUnbroken(), verdicts).split('\n')).toEqual([
      '2 of 3 tests were seen to fail; always green:',
      '  order: is quick',
      'sections without which each would be caught: order, loss',
    ])
  })
})
