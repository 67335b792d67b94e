import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ClusterLab,
  type LabNode,
  type MigrationPhase,
  RedisReplyError,
  labFacts,
  slotOf,
  startLab,
} from '../src/index.js'
import { ownLine } from '../src/cluster/cluster-view.js'
import { Program } from './support/program.js'

let lab: ClusterLab
let first: LabNode
let second: LabNode

beforeAll(async () => {
  lab = await startLab('cluster')
  const [one, two] = lab.nodes
  if (one === undefined || two === undefined) throw new Error('A cluster has six nodes')
  first = one
  second = two
})

afterAll(() => lab.stop())

const slot = slotOf('{moved}')
const keys = Array.from({ length: 250 }, (_, index) => `{moved}${index}`)

async function owner(): Promise<string> {
  return (await lab.primaryOf(slot)).name
}

test('slotOf agrees with the server on every kind of key', async () => {
  for (const key of [
    '',
    'a',
    '{a}b',
    'a{b}c',
    '{}a',
    'a{}{b}',
    '}a{b',
    '{{a}}',
    '{a',
    'é{ü}😀',
    'cairn:{%}',
  ]) {
    expect([key, slotOf(key)]).toEqual([key, await first.command('CLUSTER', 'KEYSLOT', key)])
  }
  const bytes = Uint8Array.from([0, 255, 123, 128, 125, 7])
  expect(slotOf(bytes)).toBe(await first.command('CLUSTER', 'KEYSLOT', bytes))
})

test('a slot moves with its keys, and stands half-moved for as long as the caller wants', async () => {
  const from = await lab.primaryOf(slot)
  const to = from === first ? second : first
  for (const key of keys) await from.command('SET', key, key)

  const phases: [MigrationPhase, number, number][] = []
  await lab.moveSlot(slot, to, {
    batchSize: 40,
    onStep: ({ phase, movedKeys, remainingKeys }) => void phases.push([phase, movedKeys, remainingKeys]),
    onHalfMoved: async (step) => {
      expect(step).toMatchObject({ slot, from, to })
      expect(await owner()).toBe(from.name)
      const answers = await Promise.all(
        keys.map((key) => from.command('GET', key).catch((error: unknown) => error)),
      )
      const right = answers.filter((answer, index) => answer === keys[index]).length
      const redirected = answers.filter(
        (answer) => answer instanceof RedisReplyError && answer.code === 'ASK',
      ).length
      expect({ right, redirected }).toEqual({ right: 125, redirected: 125 })
      // A new key belongs to the target already.
      await expect(from.command('SET', '{moved}new', 'x')).rejects.toThrow(`ASK ${slot} 127.0.0.1:${to.port}`)
    },
  })
  expect(phases).toEqual([
    ['opened', 0, 250],
    ['half-moved', 125, 125],
    ['emptied', 250, 0],
    ['assigned', 250, 0],
  ])
  expect(await owner()).toBe(to.name)
  for (const key of keys) expect(await to.command('GET', key)).toBe(key)
  await lab.ready()
})

test('many slots move from another process, and back', async () => {
  const slots = Array.from({ length: 100 }, (_, index) => index)
  const program = new Program('test/support/migrate-slots.ts', [
    JSON.stringify({ facts: labFacts(lab), slots, to: second.name }),
  ])
  expect(await program.result()).toMatchObject({ code: 0, stderr: '' })
  expect((await lab.primaryOf(0)).name).toBe(second.name)
  expect((await lab.primaryOf(99)).name).toBe(second.name)
  await lab.migrateSlots(slots, first)
  expect((await lab.primaryOf(99)).name).toBe(first.name)
})

test('a slot is not taken back by the epoch of a source that the target had not heard of', async () => {
  const from = await lab.primaryOf(slot)
  const to = from === first ? second : first
  await lab.moveSlot(slot, to, {
    onStep: async ({ phase }) => {
      if (phase === 'emptied') await from.command('CLUSTER', 'BUMPEPOCH')
    },
  })
  const [source, target] = await Promise.all([ownLine(from), ownLine(to)])
  expect(target.configEpoch).toBeGreaterThan(source.configEpoch)
})

test('a replica and a slot that does not exist are refused', async () => {
  const replica = lab.nodes[4]
  if (replica === undefined) throw new Error('A cluster has six nodes')
  await expect(lab.moveSlot(0, replica)).rejects.toThrow('replica-2 is no primary')
  await expect(lab.moveSlot(16_384, first)).rejects.toThrow('A slot is an integer from 0 to 16383')
})
