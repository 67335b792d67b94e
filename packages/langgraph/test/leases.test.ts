import { type Clock, Keyspace, type StorageDriver } from '@cairnkit/core'
import { createMemoryDriver } from '@cairnkit/memory'
import { describe, expect, test } from 'vitest'
import { LeaseLostError } from '../src/index.js'
import { LeaseHold } from '../src/lease/lease-hold.js'
import { LeaseQueue } from '../src/lease/lease-queue.js'

const TTL_MS = 1000

/** A clock that only a test moves; a process that stands still has one that does not move. */
class TestClock implements Clock {
  time = 0

  now(): number {
    return this.time
  }

  async sleep(ms: number): Promise<void> {
    this.time += ms
  }
}

class World {
  readonly storage: TestClock = new TestClock()
  readonly driver: StorageDriver = createMemoryDriver({ clock: () => this.storage.time })
  readonly threads: Keyspace = new Keyspace(this.driver, ['thread'])

  hold(token: string, clock: Clock = this.storage, processClock: Clock = clock): LeaseHold {
    const lease = new Keyspace(this.driver, ['lease']).partition('t')
    const thread = this.threads.partition('t')
    return new LeaseHold(
      { threadId: 't', lease, thread, clock, processClock, expireAtBirth: undefined },
      TTL_MS,
      token,
    )
  }

  queue(id: string, clock: Clock = this.storage, processClock: Clock = clock): LeaseQueue {
    const partition = new Keyspace(this.driver, ['lease-queue']).partition('t')
    return new LeaseQueue(partition, { clock, processClock }, TTL_MS, id)
  }

  /** Whether a commit that checks the fence of `hold` would be applied. */
  async mayWrite(hold: LeaseHold): Promise<boolean> {
    return (await this.threads.partition('t').commit({ checks: [hold.fenceCheck] })).ok
  }
}

describe('a lease', () => {
  test('is one holder’s, until it is given back', async () => {
    const world = new World()
    const [a, b] = [world.hold('a'), world.hold('b')]
    expect(await a.tryAcquire()).toBe(true)
    expect(await b.tryAcquire()).toBe(false)
    // The reply to the first may have been lost.
    expect(await a.tryAcquire()).toBe(true)
    await a.ensureFence()
    expect([await world.mayWrite(a), await world.mayWrite(b)]).toEqual([true, false])
    await a.release()
    expect(await world.mayWrite(a)).toBe(false)
    expect(() => a.assertHeld()).toThrow(LeaseLostError)
    expect(a.signal.aborted).toBe(false)
    expect(await b.tryAcquire()).toBe(true)
  })

  test('ends by the clock of the storage, and earlier by the holder’s own', async () => {
    const world = new World()
    const [a, b] = [world.hold('a'), world.hold('b')]
    await a.tryAcquire()
    world.storage.time += TTL_MS
    expect(() => a.assertHeld()).toThrow(/not renewed in time/)
    expect(a.signal.aborted).toBe(true)
    expect(await b.tryAcquire()).toBe(true)
  })

  test('of a process that stood still is fenced off, though its own clock says that it has time', async () => {
    const world = new World()
    const frozen = new TestClock()
    const [a, b] = [world.hold('a', frozen), world.hold('b')]
    await a.tryAcquire()
    await a.ensureFence()
    world.storage.time += TTL_MS
    await b.tryAcquire()
    await b.ensureFence()
    expect(() => a.assertHeld()).not.toThrow()
    expect(await world.mayWrite(a)).toBe(false)
    await expect(a.ensureFence()).rejects.toThrow(LeaseLostError)
    expect(await world.mayWrite(b)).toBe(true)
  })

  test('cannot pull down the fence of the next holder, wherever it stood still', async () => {
    const world = new World()
    const frozen = new TestClock()
    const [a, b] = [world.hold('a', frozen), world.hold('b')]
    // Between having the lease and putting up its fence.
    const former = await a.readFence()
    await a.tryAcquire()
    world.storage.time += TTL_MS
    await b.tryAcquire()
    await b.ensureFence()
    expect(await a.setFence(former)).toBe(false)
    await expect(a.ensureFence()).rejects.toThrow(LeaseLostError)
    await a.release()
    expect(await world.mayWrite(b)).toBe(true)
  })

  test('takes the place of a fence that its former holder left behind', async () => {
    const world = new World()
    const [a, b] = [world.hold('a'), world.hold('b')]
    await a.tryAcquire()
    await a.ensureFence()
    world.storage.time += TTL_MS
    await b.tryAcquire()
    await b.ensureFence()
    expect([await world.mayWrite(a), await world.mayWrite(b)]).toEqual([false, true])
  })

  test('is kept by renewing it, until it is lost', async () => {
    const world = new World()
    const a = world.hold('a')
    await a.tryAcquire()
    const stop = new AbortController()
    const keeping = a.keep(stop.signal)
    while (world.storage.time < 5 * TTL_MS) await Promise.resolve()
    a.assertHeld()
    await new Keyspace(world.driver, ['lease']).partition('t').drop()
    await keeping
    expect(LeaseLostError.isInstance(a.signal.reason)).toBe(true)
  })
})

describe('a lease of a process that stood still for longer than it lives', () => {
  /** `a` has the lease, and its process has just gone on: it ran for no time since. */
  async function standstill(): Promise<{ world: World; a: LeaseHold; keep: () => Promise<void> }> {
    const world = new World()
    let sleeps = 0
    const clock: Clock = {
      now: () => world.storage.time,
      // It renews once.
      sleep: async () => {
        if (sleeps++ > 0) throw new Error('withThread is over')
      },
    }
    const a = world.hold('a', clock, new TestClock())
    await a.tryAcquire()
    await a.ensureFence()
    world.storage.time += 5 * TTL_MS
    return { world, a, keep: async () => await a.keep(new AbortController().signal) }
  }

  test('goes on when nobody took it meanwhile', async () => {
    const { world, a, keep } = await standstill()
    expect(() => a.assertHeld()).not.toThrow()
    await keep()
    expect(a.signal.aborted).toBe(false)
    expect(await world.mayWrite(a)).toBe(true)
    expect(await world.hold('b').tryAcquire()).toBe(false)
  })

  test('is lost when another run has it', async () => {
    const { world, a, keep } = await standstill()
    const b = world.hold('b')
    expect(await b.tryAcquire()).toBe(true)
    await b.ensureFence()
    await keep()
    expect(String(a.signal.reason)).toMatch(/stood still for longer than the lease lives/)
    expect([await world.mayWrite(a), await world.mayWrite(b)]).toEqual([false, true])
  })

  test('is lost when another run has had it, and gave it back', async () => {
    for (const how of ['keep', 'ensureFence'] as const) {
      const { world, a, keep } = await standstill()
      const b = world.hold('b')
      await b.tryAcquire()
      await b.ensureFence()
      await b.release()
      await (how === 'keep' ? keep() : a.ensureFence().catch(() => undefined))
      expect(LeaseLostError.isInstance(a.signal.reason)).toBe(true)
      expect(await world.mayWrite(a)).toBe(false)
    }
  })

  test('is lost when it ran for as long without a renewal', async () => {
    const world = new World()
    const a = world.hold('a')
    await a.tryAcquire()
    world.storage.time += TTL_MS
    expect(() => a.assertHeld()).toThrow(/not renewed in time/)
  })

  test('can be secured for the first time when nobody took it', async () => {
    const world = new World()
    const a = world.hold('a', world.storage, new TestClock())
    await a.tryAcquire()
    world.storage.time += 5 * TTL_MS
    await a.ensureFence()
    expect(await world.mayWrite(a)).toBe(true)
  })
})

describe('the queue of a lease', () => {
  test('takes nobody for dead whose process stood still together with it', async () => {
    const world = new World()
    const ran = new TestClock()
    const [first, second] = [
      world.queue('first', world.storage, ran),
      world.queue('second', world.storage, ran),
    ]
    await first.look()
    expect(await second.look()).toBe(1)
    world.storage.time += 5 * TTL_MS
    expect(await second.look()).toBe(1)
    expect(await first.look()).toBe(0)
  })

  test('keeps the order of arrival', async () => {
    const world = new World()
    const queues = Array.from({ length: 12 }, (_, at) => world.queue(`q${at}`))
    expect(await queues[0]?.isEmpty()).toBe(true)
    for (const [at, queue] of queues.entries()) expect(await queue.look()).toBe(at)
    for (const [at, queue] of queues.entries()) {
      expect(await queue.look()).toBe(0)
      await queue.leave()
      expect(await queues[at + 1]?.isEmpty()).toBe(at === queues.length - 1 ? undefined : false)
    }
  })

  test('gives each its own place when many come at once', async () => {
    const world = new World()
    const queues = Array.from({ length: 20 }, (_, at) => world.queue(`q${at}`))
    const places = await Promise.all(queues.map(async (queue) => await queue.look()))
    await Promise.all(queues.map(async (queue) => await queue.look()))
    expect(places.length).toBe(20)
    const again = await Promise.all(queues.map(async (queue) => await queue.look()))
    // Of a long queue, those in front are not all looked at.
    expect(again.toSorted((left, right) => left - right)).toEqual(
      Array.from({ length: 20 }, (_, at) => Math.min(at, 16)),
    )
  })

  test('is joined once by one whose answer was lost', async () => {
    const world = new World()
    const { driver } = world
    let isLost = true
    const losing = {
      ...{ name: driver.name, capabilities: driver.capabilities },
      open: driver.open.bind(driver),
      close: driver.close.bind(driver),
      read: driver.read.bind(driver),
      commit: async (...args: Parameters<StorageDriver['commit']>) => {
        const result = await driver.commit(...args)
        if (!isLost) return result
        isLost = false
        throw new Error('the answer was lost')
      },
      drop: driver.drop.bind(driver),
      partitions: driver.partitions.bind(driver),
      classify: () => ({ code: 'unavailable', disposition: 'ambiguous' }) as const,
      [Symbol.asyncDispose]: async () => {},
    }
    const partition = new Keyspace(losing, ['lease-queue'], { retry: { maxAttempts: 1 } }).partition('t')
    const unlucky = new LeaseQueue(
      partition,
      { clock: world.storage, processClock: world.storage },
      TTL_MS,
      'unlucky',
    )
    await expect(unlucky.look()).rejects.toMatchObject({ disposition: 'ambiguous' })
    expect(await unlucky.look()).toBe(0)
    expect(await world.queue('next').look()).toBe(1)
    await unlucky.leave()
    expect(await world.queue('last').look()).toBe(1)
  })

  test('lets nobody be blocked by one that died, and keeps those that live', async () => {
    const world = new World()
    const [dead, alive, last] = [world.queue('dead'), world.queue('alive'), world.queue('last')]
    for (const queue of [dead, alive, last]) await queue.look()
    for (let step = 0; step < 12; step++) {
      world.storage.time += TTL_MS / 4
      await alive.look()
      await last.look()
    }
    expect(await alive.look()).toBe(0)
    expect(await last.look()).toBe(1)
    // It was only asleep: it comes back at the end.
    expect(await dead.look()).toBe(2)
  })
})
