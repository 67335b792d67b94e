import { type Batch, type Check, type CommitResult, Keyspace, type Mutation, objectId } from '@cairnkit/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMemoryDriver } from '../src/index.js'

type Partition = ReturnType<Keyspace['partition']>

const names = ['a', 'b', 'c'] as const
const bodies = [0, 1, 2].map((byte) => Uint8Array.of(byte))
const name = fc.constantFrom(...names)
const key = fc.array(name, { minLength: 1, maxLength: 3 })
const body = fc.constantFrom(...bodies)
const id = body.map((bytes) => objectId(bytes))

/** `epoch` stands for that of the partition as the tick begins. */
type Plan = { readonly checks: readonly (Check | 'epoch')[]; readonly mutations: readonly Mutation[] }

const check = fc.oneof<fc.Arbitrary<Check | 'epoch'>[]>(
  fc.constant('epoch' as const),
  fc.constant<Check>({ type: 'epoch', epoch: null }),
  key.map((at): Check => ({ type: 'present', key: at })),
  key.map((at): Check => ({ type: 'absent', key: at })),
  fc.tuple(key, body).map(([at, bytes]): Check => ({ type: 'equals', key: at, bytes })),
  fc.tuple(name, fc.option(name)).map(([prefix, last]): Check => ({
    type: 'last',
    prefix: [prefix],
    key: last === null ? null : [prefix, last],
  })),
  fc
    .tuple(name, fc.array(fc.option(name), { minLength: 1, maxLength: 2 }))
    .map(([prefix, elements]): Check => ({ type: 'head', prefix: [prefix], elements })),
  fc.array(id, { minLength: 1, maxLength: 2 }).map((ids): Check => ({ type: 'objects', ids })),
)
const adding = fc.oneof<fc.Arbitrary<Mutation>[]>(
  fc.tuple(key, body).map(([at, bytes]): Mutation => ({ type: 'put', key: at, bytes })),
  fc.tuple(key, body).map(([at, bytes]): Mutation => ({ type: 'insert', key: at, bytes })),
  body.map((bytes): Mutation => ({ type: 'object', id: objectId(bytes), bytes })),
)
const other = fc.oneof<fc.Arbitrary<Mutation>[]>(
  key.map((at): Mutation => ({ type: 'delete', key: at })),
  fc.constant<Mutation>({ type: 'drop', tombstoneMs: null }),
  fc.constant<Mutation>({ type: 'sweep' }),
)
const plan: fc.Arbitrary<Plan> = fc.record({
  checks: fc.array(check, { maxLength: 2 }),
  mutations: fc.array(fc.oneof({ weight: 40, arbitrary: adding }, { weight: 1, arbitrary: other }), {
    minLength: 1,
    maxLength: 3,
  }),
})

async function epochOf(partition: Partition): Promise<string | null> {
  return (await partition.read([{ type: 'info' }]))[0].epoch
}

function batchOf({ checks, mutations }: Plan, epoch: string | null): Batch {
  return { checks: checks.map((each) => (each === 'epoch' ? { type: 'epoch', epoch } : each)), mutations }
}

/** Tokens are random; that there is one is not. */
function comparable(result: CommitResult): unknown {
  return { ...result, epoch: result.epoch === null }
}

async function contentOf(partition: Partition): Promise<unknown> {
  const ids = bodies.map((bytes) => objectId(bytes))
  const [range, objects, { epoch, ...info }] = await partition.read([
    { type: 'range', prefix: [] },
    { type: 'objects', ids },
    { type: 'info' },
  ])
  return [range.records, [...objects.objects.keys()].sort(), info, epoch === null]
}

/** A partition, and how many commits its driver has seen. */
function open(): { readonly partition: Partition; readonly commits: () => number } {
  const driver = createMemoryDriver()
  const commit = driver.commit.bind(driver)
  let commits = 0
  driver.commit = async (...args) => {
    commits += 1
    const result = await commit(...args)
    await new Promise((answered) => setImmediate(answered))
    return result
  }
  return { partition: new Keyspace(driver, ['x']).partition('p'), commits: () => commits }
}

test('commits of one tick give what they give one after the other', async () => {
  let asOne = 0
  let fellApart = 0
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(plan, { maxLength: 5 }), { maxLength: 4 }), async (ticks) => {
      const [alone, gathered] = [open(), open()]
      for (const tick of ticks) {
        const first = await epochOf(alone.partition)
        const expected: CommitResult[] = []
        for (const each of tick) expected.push(await alone.partition.commit(batchOf(each, first)))
        const own = await epochOf(gathered.partition)
        const before = gathered.commits()
        const commits = tick.map((each) => gathered.partition.commit(batchOf(each, own), { together: true }))
        await new Promise<void>((ended) => process.nextTick(ended))
        const sent = gathered.commits() - before
        const results = await Promise.all(commits)
        const isOne = sent === 1 && tick.length > 1
        if (isOne) asOne += 1
        if (isOne && gathered.commits() - before > 1) fellApart += 1
        // One of several batches that falls apart is made again behind the others.
        if (!isOne && gathered.commits() - before > sent) return
        expect(results.map(comparable)).toEqual(expected.map(comparable))
        expect(await contentOf(gathered.partition)).toEqual(await contentOf(alone.partition))
      }
    }),
    { numRuns: 2000 },
  )
  expect(asOne).toBeGreaterThan(100)
  expect(fellApart).toBeGreaterThan(100)
})
