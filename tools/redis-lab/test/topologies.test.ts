import { describe, expect, test } from 'vitest'
import {
  type Lab,
  type LabNode,
  TOPOLOGY_KINDS,
  attachLab,
  labFacts,
  replicasInStep,
  slotOf,
  startLab,
  waitFor,
} from '../src/index.js'

/** A key that this primary takes. */
async function keyFor(lab: Lab, primary: LabNode): Promise<string> {
  for (let index = 0; ; index++) {
    const key = `cairn:{${index}}`
    if (lab.kind !== 'cluster' || (await lab.primaryOf(slotOf(key))).name === primary.name) return key
  }
}

describe.concurrent.each(TOPOLOGY_KINDS)('%s', (kind) => {
  test('serves reads and writes on every primary, also to another handle made of its facts', async () => {
    await using lab = await startLab(kind)
    const facts = labFacts(lab)
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts)
    await using attached: Lab = attachLab(facts)
    expect(labFacts(attached)).toEqual(facts)

    const primaries = await lab.primaries()
    expect(primaries.map(({ name }) => name)).toEqual(
      kind === 'cluster' ? ['primary-1', 'primary-2', 'primary-3'] : ['primary-1'],
    )
    for (const primary of primaries) {
      const key = await keyFor(lab, primary)
      expect(await primary.command('SET', key, 'a value')).toBe('OK')
      const other = attached.nodes.find(({ name }) => name === primary.name)
      expect(await other?.command('GET', key)).toBe('a value')
      expect(await other?.commandBytes('GET', key)).toEqual(Buffer.from('a value'))
    }
  })
})

test.concurrent.each([
  ['sentinel', 2],
  ['cluster', 1],
] as const)(
  '%s: what is written right after the start is with all replicas at once',
  async (kind, replicas) => {
    await using lab = await startLab(kind)
    for (const primary of await lab.primaries()) {
      await primary.command('SET', await keyFor(lab, primary), 'a value')
      // A replica whose stream has not begun says so by itself only once a second.
      expect(await primary.command('WAIT', String(replicas), '500')).toBe(replicas)
    }
  },
)

test.concurrent('a replica that takes nothing is not in step, though its connection is up', async () => {
  await using lab = await startLab('sentinel')
  const [primary, replica] = lab.nodes
  await replica?.pause()
  // Something that it does not take: it may have confirmed all that was written before.
  await primary.command('SET', 'written', 'meanwhile')
  await expect(replicasInStep(primary, 2)).rejects.toThrow('has 1 replicas in step, not 2')
  expect(String(await primary.command('INFO', 'replication'))).toMatch(/slave0.*online[^]*slave1.*online/)
  await replica?.resume()
  await lab.ready()
})

test.concurrent(
  'sentinels replace a killed primary, and the lab is whole again after its restart',
  async () => {
    await using lab = await startLab('sentinel', { failover: 'soon' })
    const [primary] = await lab.primaries()
    await primary?.command('SET', 'cairn:{x}', 'a value')
    expect(await primary?.command('WAIT', '2', '5000')).toBe(2)
    await primary?.kill()
    const successor = await waitFor('another node is primary', async () => (await lab.primaries())[0])
    expect(successor.name).not.toBe(primary?.name)
    expect(await successor.command('GET', 'cairn:{x}')).toBe('a value')
    await primary?.restart()
    await lab.ready()
    expect(await primary?.command('GET', 'cairn:{x}')).toBe('a value')
  },
)

test('labs that start at the same moment do not meet', async () => {
  const labs = await Promise.all([startLab('sentinel'), startLab('standalone'), startLab('standalone')])
  try {
    const ports = labs.flatMap((lab) => [...lab.nodes, ...(lab.kind === 'sentinel' ? lab.sentinels : [])])
    expect(new Set(ports.map(({ port }) => port)).size).toBe(8)
    await Promise.all(labs.map((lab) => lab.nodes[0].command('SET', 'cairn:{x}', lab.url)))
    expect(await Promise.all(labs.map((lab) => lab.nodes[0].command('GET', 'cairn:{x}')))).toEqual(
      labs.map((lab) => lab.url),
    )
  } finally {
    await Promise.all(labs.map((lab) => lab.stop()))
  }
})

test('a start can be given up', async () => {
  const giveUp = new AbortController()
  const start = startLab('cluster', { signal: giveUp.signal })
  setTimeout(() => giveUp.abort(new Error('Given up')), 100)
  await expect(start).rejects.toThrow('Given up')
})

test('a server that refuses its configuration is quoted', async () => {
  await expect(startLab('standalone', { config: { 'no-such-setting': 'yes' } })).rejects.toThrow(
    /no-such-setting/,
  )
})
