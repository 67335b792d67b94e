import { describe, expect, test } from 'vitest'
import { withDeadline } from '../src/driver/deadline.js'
import { type Metronome, ProcessTime, type Waiter } from '../src/driver/process-time.js'

/** A machine whose time only the test moves, turn by turn of its event loop. */
class Machine implements Metronome {
  #now = 1000
  #looks = new Set<() => void>()
  #behindInput: (() => void)[] = []
  keepsAlive = false
  /** What the next turn reads. */
  input: (() => void)[] = []

  now(): number {
    return this.#now
  }

  every(_ms: number, look: () => void): { hold(keepsAlive: boolean): void; stop(): void } {
    this.#looks.add(look)
    return {
      hold: (keepsAlive) => {
        this.keepsAlive = keepsAlive
      },
      stop: () => void this.#looks.delete(look),
    }
  }

  afterInput(work: () => void): void {
    this.#behindInput.push(work)
  }

  get isTicking(): boolean {
    return this.#looks.size > 0
  }

  /** One turn of the event loop that comes after `ms`: timers, then input, then what waits behind it. */
  async turn(ms: number): Promise<void> {
    this.#now += ms
    for (const look of [...this.#looks]) look()
    for (const read of this.input.splice(0)) read()
    await settled()
    for (const work of this.#behindInput.splice(0)) work()
    await settled()
  }

  /** As long as it takes for `ms` to pass while nothing stands still. */
  async run(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 50) await this.turn(50)
  }
}

const settled = async (): Promise<void> => await new Promise(setImmediate)

function start() {
  const machine = new Machine()
  const time = new ProcessTime(machine)
  const call = (timeoutMs: number, signal?: AbortSignal) => {
    let answer: (value: string) => void = () => {}
    const work = new Promise<string>((resolve) => (answer = resolve))
    const outcome = withDeadline(work, timeoutMs, signal, 'no answer', time).catch((cause: unknown) => cause)
    let ended: unknown
    void outcome.then((value) => (ended = value))
    return { answer: (value: string) => answer(value), outcome, ended: () => ended }
  }
  return { machine, time, call }
}

describe('the process time', () => {
  test('is that of the clock while the process runs', async () => {
    const { machine, time, call } = start()
    const before = time.now()
    call(60_000)
    await machine.run(5000)
    expect(time.now() - before).toBe(5000)
    expect(time.stoodStillMs()).toBe(0)
  })

  test('leaves out what the process stood still for, and says so', async () => {
    const { machine, time, call } = start()
    const before = time.now()
    call(60_000)
    await machine.turn(17_000)
    expect(time.now() - before).toBe(100)
    expect(time.stoodStillMs()).toBe(16_900)
  })

  test('never goes back, not in the middle of a standstill', async () => {
    const { machine, time, call } = start()
    call(60_000)
    let last = time.now()
    for (const ms of [50, 17_000, 50, 0, 400, 50]) {
      await machine.turn(ms)
      expect(time.now()).toBeGreaterThanOrEqual(last)
      last = time.now()
    }
  })

  test('stops ticking when nobody waits, and does not hold the process for those who only listen', async () => {
    const { machine, time, call } = start()
    expect(machine.isTicking).toBe(false)
    const one = call(1000)
    expect([machine.isTicking, machine.keepsAlive]).toEqual([true, true])
    one.answer('yes')
    expect(await one.outcome).toBe('yes')
    expect(machine.keepsAlive).toBe(false)
    const listener: Waiter = { dueAt: Number.POSITIVE_INFINITY, due: () => {} }
    time.add(listener)
    await machine.run(500)
    expect([machine.isTicking, machine.keepsAlive]).toEqual([true, false])
    time.remove(listener)
    await machine.run(500)
    expect(machine.isTicking).toBe(false)
    // What passes then counts: nobody is judged by it.
    const before = time.now()
    await machine.turn(60_000)
    expect(time.now() - before).toBe(60_000)
  })

  test('asks one who is to be told later again, and not before', async () => {
    const { machine, time } = start()
    const told: number[] = []
    const startedAt = time.now()
    const waiter = {
      dueAt: startedAt + 200,
      due(): void {
        told.push(time.now() - startedAt)
        if (told.length === 1) waiter.dueAt = startedAt + 1000
        else time.remove(waiter)
      },
    }
    time.add(waiter)
    await machine.run(3000)
    expect(told).toEqual([200, 1000])
  })
})

describe('a deadline', () => {
  test('is over when the time is up', async () => {
    const { machine, call } = start()
    const one = call(5000)
    await machine.run(4950)
    expect(one.ended()).toBeUndefined()
    await machine.turn(50)
    expect(String(one.ended())).toBe('DriverFault: no answer within 5000 ms')
    expect(one.ended()).toMatchObject({ code: 'timeout', disposition: 'ambiguous' })
  })

  test('is not over for a process that stood still: what arrived is read first', async () => {
    const { machine, call } = start()
    const one = call(5000)
    machine.input.push(() => one.answer('in time'))
    await machine.turn(17_000)
    expect(one.ended()).toBe('in time')
  })

  test('is not over for what could be sent only after the standstill', async () => {
    const { machine, call } = start()
    const one = call(5000)
    await machine.turn(17_000)
    machine.input.push(() => one.answer('late, and in time'))
    await machine.turn(20)
    expect(one.ended()).toBe('late, and in time')
  })

  test('comes to an end though every turn takes long, and says who stood still', async () => {
    const { machine, call } = start()
    const one = call(1000)
    for (let turn = 0; turn < 9; turn++) await machine.turn(400)
    expect(one.ended()).toBeUndefined()
    await machine.turn(400)
    expect(String(one.ended())).toContain(
      'within 1000 ms, not counting 3000 ms in which this process stood still',
    )
  })

  test('a signal ends it at once, whatever the time', async () => {
    const { machine, call } = start()
    const controller = new AbortController()
    const one = call(60_000, controller.signal)
    controller.abort()
    await settled()
    expect(one.ended()).toMatchObject({ code: 'aborted', disposition: 'ambiguous' })
    expect(machine.keepsAlive).toBe(false)
  })
})
