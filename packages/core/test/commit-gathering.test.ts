import { describe, expect, test } from 'vitest'
import { type Batch, type CommitResult, Keyspace, type Mutation, StorageError } from '../src/index.js'
import { DriverFault, type StorageDriver } from '../src/driver/index.js'

/** Notes what it is asked, and answers as it is told. */
function recorder(answer: (batch: Batch) => CommitResult = applied): {
  readonly driver: StorageDriver
  readonly calls: (Batch | 'read' | 'drop')[]
} {
  const calls: (Batch | 'read' | 'drop')[] = []
  const driver: StorageDriver = {
    name: 'recorder',
    capabilities: {
      sharing: 'process',
      durability: 'none',
      partitionListing: false,
      limits: { maxKeyBytes: 100, maxValueBytes: 1_000_000, maxBatchBytes: 1_000_000 },
    },
    open: async () => {},
    close: async () => {},
    read: async () => {
      calls.push('read')
      return []
    },
    commit: async (_partition, batch) => {
      calls.push(batch)
      return answer(batch)
    },
    drop: async () => {
      calls.push('drop')
      return true
    },
    async *partitions() {},
    classify: () => ({ code: 'unknown', disposition: 'ambiguous' }),
    [Symbol.asyncDispose]: async () => {},
  }
  return { driver, calls }
}

const epoch = '0'.repeat(32)

function applied(): CommitResult {
  return { ok: true, created: true, epoch, dropped: false }
}

const put = (name: string, size = 1): Mutation => ({ type: 'put', key: [name], bytes: new Uint8Array(size) })
const object = { type: 'object', id: epoch, bytes: Uint8Array.of(1) } as const
const together = { together: true }

test('commits of one tick to one partition are one batch, in which each thing is once', async () => {
  const { driver, calls } = recorder()
  const space = new Keyspace(driver, ['x'])
  const checks = [{ type: 'epoch', epoch } as const]
  const results = await Promise.all([
    space.partition('p').commit({ checks, mutations: [object, put('a')] }, together),
    space.partition('p').commit({ checks, mutations: [object, put('b')] }, together),
    Promise.resolve().then(() => space.partition('p').commit({ checks, mutations: [put('c')] }, together)),
    space.partition('q').commit({ mutations: [put('d')] }, together),
  ])
  expect(calls).toEqual([
    { checks, mutations: [object, put('a'), put('b'), put('c')] },
    { mutations: [put('d')] },
  ])
  expect(results.map((result) => result.ok && result.created)).toEqual([true, false, false, true])
})

test('what is called next comes behind what was gathered', async () => {
  const { driver, calls } = recorder()
  const partition = new Keyspace(driver, ['x']).partition('p')
  const commits = ['a', 'b', 'c', 'd'].map((name): Batch => ({ mutations: [put(name)] }))
  const [a, b, c, d] = commits as [Batch, Batch, Batch, Batch]
  await Promise.all([
    partition.commit(a, together),
    partition.read([]),
    partition.commit(b, together),
    partition.commit(c),
    partition.commit(d, together),
    partition.drop(),
  ])
  expect(calls).toEqual([a, 'read', b, c, d, 'drop'])
})

test('what is no plain addition is sent at once', () => {
  const { driver, calls } = recorder()
  const partition = new Keyspace(driver, ['x']).partition('p')
  const alone: readonly Batch[] = [
    { mutations: [{ type: 'delete', key: ['a'] }] },
    { mutations: [put('a'), { type: 'sweep' }] },
    { checks: [{ type: 'absent', key: ['a'] }], mutations: [put('a')] },
    { checks: [{ type: 'epoch', epoch }] },
  ]
  for (const [at, batch] of alone.entries()) {
    void partition.commit(batch, together)
    expect(calls).toHaveLength(at + 1)
  }
  void partition.commit({ mutations: [put('a')] }, { ...together, timeoutMs: 10 })
  void partition.commit({ mutations: [put('a')] }, { ...together, signal: new AbortController().signal })
  expect(calls).toHaveLength(alone.length + 2)
})

test('commits of which one could move a check of another stay apart', async () => {
  const { driver, calls } = recorder()
  const partition = new Keyspace(driver, ['x']).partition('p')
  const head = (elements: string[]) => [{ type: 'head', prefix: [], elements } as const]
  const first: Batch = { checks: head(['0', '1']), mutations: [put('1')] }
  const second: Batch = { checks: head(['0', '2']), mutations: [put('2')] }
  await Promise.all([partition.commit(first, together), partition.commit(second, together)])
  expect(calls).toEqual([first, second])
})

describe('commits with an expiry', () => {
  const decidedBy = [['l', 'pin'], ['l']]
  const expire = (ttlMs: number, more: object = {}): Mutation => ({
    type: 'expire',
    ttlMs,
    decidedBy: decidedBy.map((key) => [...key]),
    ...more,
  })
  const tells = (): CommitResult => ({ ok: true, created: true, epoch, dropped: false, ttlMs: 7 })

  test('of one kind are one batch, in which it is once, and only who spoke of it is told of it', async () => {
    const { driver, calls } = recorder(tells)
    const partition = new Keyspace(driver, ['x']).partition('p')
    const results = await Promise.all([
      partition.commit({ mutations: [put('a')] }, together),
      partition.commit({ mutations: [expire(1), put('b'), expire(5)] }, together),
      partition.commit({ mutations: [put('c'), expire(5)] }, together),
      partition.commit({ mutations: [put('d')] }, together),
    ])
    expect(calls).toEqual([{ mutations: [put('a'), put('b'), expire(5), put('c'), put('d')], checks: [] }])
    expect(results.map((result) => result.ok && result.ttlMs)).toEqual([undefined, 7, 7, undefined])
  })

  const pin: Mutation = { type: 'put', key: ['l', 'pin'], bytes: new Uint8Array() }
  test.each<[string, readonly Mutation[], readonly Mutation[]]>([
    ['another time', [put('a'), expire(5)], [put('b'), expire(6)]],
    ['other records that decide', [put('a'), expire(5)], [put('b'), expire(5, { decidedBy: [['l']] })]],
    ['another condition', [put('a'), expire(5)], [put('b'), expire(5, { ifNone: true })]],
    ['a record that decides', [put('a'), expire(5)], [pin]],
    [
      'a record that decides too late',
      [expire(5, { ifNone: true }), put('a')],
      [pin, expire(5, { ifNone: true })],
    ],
  ])('stay apart where the second one has %s', async (_, first, second) => {
    const { driver, calls } = recorder(tells)
    const partition = new Keyspace(driver, ['x']).partition('p')
    await Promise.all([first, second].map((mutations) => partition.commit({ mutations }, together)))
    expect(calls).toEqual([{ mutations: first }, { mutations: second }])
  })

  test('are one where the record that decides comes with the same expiry', async () => {
    const { driver, calls } = recorder(tells)
    const partition = new Keyspace(driver, ['x']).partition('p')
    await Promise.all([
      partition.commit({ mutations: [put('a'), expire(5)] }, together),
      partition.commit({ mutations: [pin, expire(5)] }, together),
    ])
    expect(calls).toHaveLength(1)
  })
})

test('a large batch travels alone', async () => {
  const { driver, calls } = recorder()
  const partition = new Keyspace(driver, ['x']).partition('p')
  await Promise.all(['a', 'b'].map((name) => partition.commit({ mutations: [put(name, 200_000)] }, together)))
  expect(calls).toHaveLength(2)
})

test('of very many, so many travel together that each is still judged quickly', async () => {
  const { driver, calls } = recorder()
  const partition = new Keyspace(driver, ['x']).partition('p')
  const names = Array.from({ length: 300 }, (_, at) => String(at))
  await Promise.all(names.map((name) => partition.commit({ mutations: [put(name)] }, together)))
  expect(calls.map((batch) => (batch === 'read' || batch === 'drop' ? 0 : batch.mutations?.length))).toEqual([
    128, 128, 44,
  ])
})

test('when a check does not hold, each is judged by itself', async () => {
  const missing = { type: 'present', key: ['z'] } as const
  const { driver, calls } = recorder((batch) =>
    batch.checks?.includes(missing) === true
      ? { ok: false, failedChecks: [0], epoch, dropped: false }
      : applied(),
  )
  const partition = new Keyspace(driver, ['x']).partition('p')
  const good: Batch = { mutations: [put('a')] }
  const bad: Batch = { checks: [missing], mutations: [put('b')] }
  const results = await Promise.all([partition.commit(good, together), partition.commit(bad, together)])
  expect(results.map(({ ok }) => ok)).toEqual([true, false])
  expect(calls.slice(1)).toEqual([good, bad])
})

test('a failure is everybody’s, and what is too large is its own', async () => {
  const { driver } = recorder(() => {
    throw new DriverFault({ code: 'full', disposition: 'permanent' }, 'no memory left')
  })
  const partition = new Keyspace(driver, ['x']).partition('p')
  const outcomes = await Promise.allSettled([
    partition.commit({ mutations: [put('a')] }, together),
    partition.commit({ mutations: [put('b')] }, together),
    partition.commit({ mutations: [put('c', 2_000_000)] }, together),
  ])
  const codes = outcomes.map((outcome) =>
    outcome.status === 'rejected' && StorageError.isInstance(outcome.reason) ? outcome.reason.code : outcome,
  )
  expect(codes).toEqual(['full', 'full', 'limit'])
})
