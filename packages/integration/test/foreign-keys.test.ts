import { CairnSaver } from '@cairnkit/langgraph'
import { type Lab, labFacts, startLab } from '@cairnkit/redis-lab'
import { expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { CommandLog } from '../src/command-log.js'
import { chatGraph, human, threadConfig } from '../src/graphs.js'
import { redisDriver } from '../src/redis-driver.js'

const FOREIGN_KEYS = 200_000

/** A command is answered within 10 s, on a busy machine too. */
const CHUNK = 20_000

const NO_SERVER = 'there is no server whose other keys could matter'

test('a chat turn sends the same commands with 200,000 foreign keys in the database as with none', async (context) => {
  await using cell = await openCell('foreign')
  const { storage } = cell.cell
  if (storage.kind !== 'redis') return context.skip(NO_SERVER)
  // A lab of its own: that many keys would slow down whoever lists threads beside it.
  await using lab = await startLab(storage.topology)
  await using driver = redisDriver(storage, labFacts(lab), cell.keyPrefix)
  await using log = await CommandLog.open(lab)
  const graph = chatGraph(new CairnSaver(driver))
  const turn = async (): Promise<string[]> => {
    const commands = await log.during(
      cell.keyPrefix,
      async () => await graph.invoke(human('hello'), threadConfig('t')),
    )
    return commands.map(({ name }) => name)
  }
  // The first turn loads the scripts.
  await turn()
  const alone = await turn()
  await populate(lab)
  const crowded = await turn()
  expect(crowded).toEqual(alone)
  expect(crowded).toHaveLength(4)
  expect(crowded.filter((name) => name === 'keys' || name === 'scan')).toEqual([])
})

/** Fills every primary, on a Cluster with keys of one slot each, because a script may touch no other. */
async function populate(lab: Lab): Promise<void> {
  const primaries = await lab.primaries()
  const script = `for i = 1, tonumber(ARGV[1]) do redis.call('SET', KEYS[1] .. ':' .. i, 'x') end`
  for (const node of primaries) {
    const tag = await tagOn(lab, node.name)
    const chunks = Math.ceil(FOREIGN_KEYS / primaries.length / CHUNK)
    for (let chunk = 0; chunk < chunks; chunk++) {
      await node.command('EVAL', script, '1', `foreign:{${tag}}:${chunk}`, String(CHUNK))
    }
  }
}

async function tagOn(lab: Lab, name: string): Promise<string> {
  if (lab.kind !== 'cluster') return 'any'
  for (let at = 0; ; at++) {
    const tag = `tag-${at}`
    if ((await lab.primaryOf(lab.slotOf(tag))).name === name) return tag
  }
}
