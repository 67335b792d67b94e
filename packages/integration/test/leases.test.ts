import { setTimeout as delay } from 'node:timers/promises'
import { Keyspace } from '@cairnkit/core'
import { CairnSaver, LeaseLostError, LeaseTimeoutError, type ThreadLease } from '@cairnkit/langgraph'
import type { RunnableConfig } from '@langchain/core/runnables'
import { emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { type TestContext, afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { waitFor } from '@cairnkit/redis-lab'
import { chatGraph, human, textsOf, threadConfig } from '../src/graphs.js'
import type { CompiledPrograms } from '@cairnkit/tool-kit/compile-programs'
import { LeaseProcess, leaseProgram } from '../src/lease-process.js'
import { tripCounter } from '../src/trip-counter.js'

const cell = await openCell('leases')
afterAll(async () => await cell[Symbol.asyncDispose]())

const NO_PROCESS = 'no other process can open this storage'
const SHOWN_ELSEWHERE = 'other processes are tried on plain servers and with Sentinel'
const metadata = { source: 'loop' as const, step: 0, parents: {} }

/** Of a lease that must not be lost while its holder is at work: a busy machine takes a second for what it renews. */
const LONG_ENOUGH_MS = 8000

/** A saver with a driver of its own, as another process would have it. */
function saverOf(options: ConstructorParameters<typeof CairnSaver>[1] = {}): CairnSaver {
  return new CairnSaver(cell.driver(), options)
}

async function put(saver: CairnSaver, threadId: string, id: string): Promise<RunnableConfig> {
  return await saver.put(threadConfig(threadId), { ...emptyCheckpoint(), id }, metadata, {})
}

async function idsOf(threadId: string): Promise<string[]> {
  const ids: string[] = []
  for await (const { checkpoint } of saverOf().list(threadConfig(threadId))) ids.push(checkpoint.id)
  return ids.sort()
}

async function infoOf(threadId: string, root = 'thread') {
  const partition = new Keyspace(cell.driver(), [root]).partition(threadId)
  return (await partition.read([{ type: 'info' }]))[0]
}

/** Nothing is left of a lease: neither itself, nor its queue, nor its fence in a thread without checkpoints. */
async function expectNoTrace(threadId: string, threadIsThere: boolean): Promise<void> {
  for (const root of ['lease', 'lease-queue']) expect((await infoOf(threadId, root)).epoch, root).toBeNull()
  const partition = new Keyspace(cell.driver(), ['thread']).partition(threadId)
  const [fence, info] = await partition.read([{ type: 'get', key: ['f'] }, { type: 'info' }])
  expect(fence.record).toBeUndefined()
  expect(info.epoch !== null).toBe(threadIsThere)
}

// Each has a thread of its own, and most of them wait.
describe.concurrent('withThread', () => {
  test('runs one after the other, in the order of arrival, and each sees the one before', async () => {
    const config = threadConfig('serial')
    let inside = 0
    const started: number[] = []
    let mostInside = 0
    const runs: Promise<unknown>[] = []
    let allAreHere: () => void = () => {}
    const meeting = new Promise<void>((resolve) => {
      allAreHere = resolve
    })
    for (let run = 0; run < 8; run++) {
      const saver = saverOf({ onConflict: 'reject' })
      runs.push(
        saver.withThread('serial', async () => {
          started.push(run)
          inside += 1
          mostInside = Math.max(mostInside, inside)
          await meeting
          await chatGraph(saver).invoke(human(`run ${run}`), config)
          inside -= 1
        }),
      )
      // The first has the lease, each of the others a place in the queue before the next one comes.
      await waitFor(`run ${run} to stand in line`, async () =>
        started.length === 1 && (await infoOf('serial', 'lease-queue')).records === run ? true : undefined,
      )
    }
    allAreHere()
    await Promise.all(runs)
    expect(mostInside).toBe(1)
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    const { values } = await chatGraph(saverOf()).getState(config)
    expect(textsOf(values.messages)).toEqual(
      Array.from({ length: 8 }, (_, run) => [`run ${run}`, `answer ${run * 2 + 1}`]).flat(),
    )
    await expectNoTrace('serial', true)
  })

  test('gives what fn gives, throws what it throws, and ends the lease either way', async () => {
    const saver = saverOf()
    const leases: ThreadLease[] = []
    const given = await saver.withThread('result', async (lease) => {
      leases.push(lease)
      return lease.threadId
    })
    expect(given).toBe('result')
    const thrown = saver.withThread('result', async (lease) => {
      leases.push(lease)
      throw new Error('mine')
    })
    await expect(thrown).rejects.toThrow('mine')
    expect(new Set(leases.map(({ token }) => token)).size).toBe(2)
    expect(leases.map(({ signal }) => signal.aborted)).toEqual([false, false])
    await expectNoTrace('result', false)
  })

  test('of different threads, runs at once; of the same one within itself, under the same lease', async () => {
    const saver = saverOf()
    await saver.withThread('outer', async (outer) => {
      await saver.withThread('inner', async () => {
        await put(saver, 'outer', 'c1')
        await put(saver, 'inner', 'c1')
        const again = await saver.withThread('outer', async (lease) => lease.token, { waitMs: 0 })
        expect(again).toBe(outer.token)
      })
    })
    await expectNoTrace('outer', true)
  })

  test('waits no longer than waitMs, and says so', async () => {
    const [holder, waiter] = [saverOf(), saverOf()]
    await holder.withThread('wait', async () => {
      for (const waitMs of [0, 120]) {
        const failure: unknown = await waiter
          .withThread('wait', async () => 'ran', { waitMs })
          .catch((cause: unknown) => cause)
        if (!LeaseTimeoutError.isInstance(failure)) throw failure
        expect(failure).toMatchObject({ code: 'lease-timeout', threadId: 'wait', waitedMs: waitMs })
        expect(failure.message).toContain(`${waitMs} ms`)
      }
      expect(await waiter.getTuple(threadConfig('wait'))).toBeUndefined()
    })
    await expectNoTrace('wait', false)
  })

  test('stops waiting when its signal fires, and leaves the queue', async () => {
    const [holder, waiter, next] = [saverOf(), saverOf(), saverOf()]
    const controller = new AbortController()
    const waiting = holder.withThread('abort', async () => {
      const given = waiter.withThread('abort', async () => 'ran', { signal: controller.signal })
      setTimeout(() => controller.abort(new Error('changed my mind')), 50)
      await expect(given).rejects.toThrow('changed my mind')
    })
    await waiting
    expect(await next.withThread('abort', async () => 'ran', { waitMs: LONG_ENOUGH_MS })).toBe('ran')
    await expectNoTrace('abort', false)
  })

  test('renews the lease for as long as fn runs', async () => {
    const [holder, waiter] = [saverOf(), saverOf()]
    const stored = new Keyspace(cell.driver(), ['lease']).partition('renewed')
    const leaseLeftMs = async (): Promise<number> => (await stored.read([{ type: 'info' }]))[0].ttlMs ?? 0
    const order: string[] = []
    let begun: () => void = () => {}
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve
    })
    const first = holder.withThread(
      'renewed',
      async (lease) => {
        begun()
        let leftMs = await leaseLeftMs()
        await waitFor('a lease that is renewed', async () => {
          const before = leftMs
          leftMs = await leaseLeftMs()
          return leftMs > before ? true : undefined
        })
        await put(holder, 'renewed', 'c1')
        order.push(`first ${lease.signal.aborted}`)
      },
      { ttlMs: LONG_ENOUGH_MS },
    )
    await hasBegun
    await waiter.withThread('renewed', async () => void order.push('second'), { ttlMs: LONG_ENOUGH_MS })
    await first
    expect(order).toEqual(['first false', 'second'])
  })

  test('what still runs after fn has ended cannot write', async () => {
    const saver = saverOf()
    let late: Promise<unknown> | undefined
    await saver.withThread('late', async () => {
      late = delay(30).then(async () => await put(saver, 'late', 'c1'))
      late.catch(() => undefined)
    })
    await expect(late).rejects.toThrow(LeaseLostError)
    expect(await idsOf('late')).toEqual([])
  })

  test('a writer without a lease is not held up, and a lease with nothing written leaves nothing', async () => {
    const [holder, other] = [saverOf(), saverOf()]
    await holder.withThread('free', async () => {
      await put(other, 'free', 'c1')
      await put(holder, 'free', 'c2')
    })
    expect(await idsOf('free')).toEqual(['c1', 'c2'])
    const listed: unknown[] = []
    await holder.withThread('empty', async () => {
      expect(await other.getTuple(threadConfig('empty'))).toBeUndefined()
      for await (const tuple of other.list(threadConfig('empty'))) listed.push(tuple)
    })
    expect(listed).toEqual([])
    await expectNoTrace('empty', false)
  })

  for (const healing of ['tail', 'thread'] as const) {
    test(`a thread deleted within the lease, and written again, with healing ${healing}`, async () => {
      const saver = saverOf({ healing })
      await put(saver, `inside-${healing}`, 'c1')
      await saver.withThread(`inside-${healing}`, async () => {
        await put(saver, `inside-${healing}`, 'c2')
        await saver.deleteThread(`inside-${healing}`)
        expect(await idsOf(`inside-${healing}`)).toEqual([])
        await put(saver, `inside-${healing}`, 'c3')
      })
      expect(await idsOf(`inside-${healing}`)).toEqual(['c3'])
      await saver.withThread(`inside-${healing}`, async () => {
        await saver.deleteThread(`inside-${healing}`)
      })
      expect(await infoOf(`inside-${healing}`)).toMatchObject({ epoch: null, dropped: healing === 'thread' })
    })
  }

  test('a thread deleted by others does not end the lease: the next write begins it anew', async () => {
    const [holder, other] = [saverOf(), saverOf()]
    await put(holder, 'outside', 'c1')
    await holder.withThread('outside', async (lease) => {
      await put(holder, 'outside', 'c2')
      await other.deleteThread('outside')
      await put(holder, 'outside', 'c3')
      expect(lease.signal.aborted).toBe(false)
    })
    expect(await idsOf('outside')).toEqual(['c3'])
    await expectNoTrace('outside', true)
  })

  test('a lease that fell with the storage is lost, and its holder cannot write', async () => {
    const saver = saverOf()
    const failures: unknown[] = []
    await saver.withThread('fallen', async (lease) => {
      await put(saver, 'fallen', 'c1')
      for (const root of ['lease', 'thread'])
        await new Keyspace(cell.driver(), [root]).partition('fallen').drop()
      const first = { configurable: { thread_id: 'fallen', checkpoint_id: 'c1' } }
      const writes = [
        async () => await put(saver, 'fallen', 'c2'),
        async () => await saver.putWrites(first, [['x', 1]], 'task'),
        async () => await saver.deleteThread('fallen'),
      ]
      for (const write of writes) await write().catch((cause: unknown) => failures.push(cause))
      failures.push(lease.signal.reason)
    })
    expect(failures).toHaveLength(4)
    for (const failure of failures) {
      expect(LeaseLostError.isInstance(failure)).toBe(true)
      expect(failure).toMatchObject({ code: 'lease-lost', threadId: 'fallen' })
      expect(String(failure)).toContain('"fallen"')
    }
    expect(await idsOf('fallen')).toEqual([])
  })

  test('options that are none', async () => {
    const saver = saverOf()
    const run = async (options: object): Promise<unknown> =>
      await saver.withThread('options', async () => 'ran', options)
    await expect(run({ ttlMs: 1 })).rejects.toThrow(/ttlMs/)
    await expect(run({ waitMs: -1 })).rejects.toThrow(/waitMs/)
    await expect(saver.withThread(1 as never, async () => 1)).rejects.toThrow(/thread_id/)
  })
})

describe('what a lease costs', () => {
  test('four trips to begin when nobody waits, of which two are at once, and two to end at once', async () => {
    await using counter = await tripCounter(cell)
    const saver = new CairnSaver(counter.driver)
    await put(saver, 'cost', 'c1')
    const all = await counter.during(async () => {
      await saver.withThread('cost', async () => {
        await put(saver, 'cost', 'c2')
      })
    })
    // The old fence and the queue; the lease; the fence; the put; the lease and the fence back.
    expect(all).toHaveLength(7)
  })
})

describe.concurrent('other processes', () => {
  let program: CompiledPrograms | undefined
  afterAll(async () => await program?.[Symbol.asyncDispose]())
  beforeAll(async () => {
    if (cell.remote !== undefined) program = await leaseProgram()
  })

  async function start(
    context: TestContext,
    threadId: string,
    ttlMs: number,
    names: readonly string[],
  ): Promise<LeaseProcess[]> {
    const { remote } = cell
    const compiled = program
    if (remote === undefined || compiled === undefined) return context.skip(NO_PROCESS)
    // Programs take their time to start, and neither encryption nor slots have a part in this.
    if (['standalone-tls', 'cluster'].includes(cell.lab?.kind ?? '')) return context.skip(SHOWN_ELSEWHERE)
    return await Promise.all(
      names.map(async (name) => await LeaseProcess.start(compiled, { remote, threadId, name, ttlMs })),
    )
  }

  test('one that stood still past its lease cannot write when it wakes up', async (context) => {
    const [frozen, next] = await start(context, 'frozen', LONG_ENOUGH_MS, ['frozen', 'next'])
    await using first = frozen as LeaseProcess
    await using second = next as LeaseProcess
    expect(await first.ask('start')).toBe('held')
    expect(await first.ask('write')).toBe('stored')
    first.signal('SIGSTOP')
    expect(await second.ask('start')).toBe('held')
    expect(await second.ask('write')).toBe('stored')
    first.signal('SIGCONT')
    expect(await first.ask('write')).toBe('lease-lost')
    expect(await second.ask('write')).toBe('stored')
    expect(await second.ask('end')).toBe('released')
    expect(await first.ask('write')).toBe('lease-lost')
    const head = await saverOf().getTuple(threadConfig('frozen'))
    expect(head?.checkpoint.channel_values).toEqual({ names: ['frozen', 'next', 'next'] })
    expect(await idsOf('frozen')).toHaveLength(3)
  })

  test('one that is killed holds the others up no longer than its lease', async (context) => {
    const [killed, next] = await start(context, 'killed', LONG_ENOUGH_MS, ['killed', 'next'])
    await using first = killed as LeaseProcess
    await using second = next as LeaseProcess
    expect(await first.ask('start')).toBe('held')
    expect(await first.ask('write')).toBe('stored')
    first.signal('SIGKILL')
    expect(await second.ask('start')).toBe('held')
    expect(await second.ask('write')).toBe('stored')
    expect(await second.ask('end')).toBe('released')
    await expectNoTrace('killed', true)
  })

  test('one that is killed while it waits does not block those behind it', async (context) => {
    const names = ['holder', 'dead', 'last']
    const [holder, waiter, last] = await start(context, 'queue', LONG_ENOUGH_MS, names)
    await using first = holder as LeaseProcess
    await using second = waiter as LeaseProcess
    await using third = last as LeaseProcess
    expect(await first.ask('start')).toBe('held')
    for (const [place, process] of [second, third].entries()) {
      process.tell('start')
      await waitFor('a place in the queue', async () =>
        (await infoOf('queue', 'lease-queue')).records > place ? true : undefined,
      )
    }
    second.signal('SIGKILL')
    expect(await first.ask('end')).toBe('released')
    expect(await third.next()).toBe('held')
    expect(await third.ask('end')).toBe('released')
    await expectNoTrace('queue', false)
  })
})
