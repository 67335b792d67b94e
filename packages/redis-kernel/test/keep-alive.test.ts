import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { KeepAlive } from '../src/connections/clients/keep-alive.js'
import type { Channel } from '../src/connections/sending/channel.js'

interface Peer extends Channel {
  pings: number
  /** What settles its PINGs, the oldest first. */
  readonly answers: { readonly resolve: (reply: null) => void; readonly reject: (cause: Error) => void }[]
}

function peer(): Peer {
  const self: Peer = {
    connection: {},
    pings: 0,
    answers: [],
    send: (commands) =>
      commands.map(() => {
        self.pings++
        return new Promise((resolve, reject) => self.answers.push({ resolve, reject }))
      }),
  }
  return self
}

const pings = (...peers: readonly Peer[]): number[] => peers.map((each) => each.pings)

describe('an idle connection', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('gets one PING in each period, and none while one is not answered', async () => {
    const [answering, silent] = [peer(), peer()]
    const keepAlive = new KeepAlive(500, () => [answering, silent])
    keepAlive.start()
    keepAlive.start()
    expect(pings(answering, silent)).toEqual([0, 0])
    for (let round = 1; round <= 3; round++) {
      await vi.advanceTimersByTimeAsync(500)
      expect(pings(answering, silent)).toEqual([round, 1])
      answering.answers.at(-1)?.resolve(null)
    }
    silent.answers[0]?.reject(new Error('NOPERM this user has no permissions'))
    await vi.advanceTimersByTimeAsync(500)
    expect(pings(answering, silent)).toEqual([4, 2])
  })

  it('gets none any more after the end, and again after another beginning', async () => {
    const connection = peer()
    const keepAlive = new KeepAlive(500, () => [connection])
    keepAlive.start()
    keepAlive.stop()
    await vi.advanceTimersByTimeAsync(2000)
    expect(pings(connection)).toEqual([0])
    keepAlive.start()
    await vi.advanceTimersByTimeAsync(500)
    expect(pings(connection)).toEqual([1])
  })
})

it('keeps no process alive', () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const before = timers()
  const keepAlive = new KeepAlive(500, () => [])
  keepAlive.start()
  expect(timers()).toBe(before)
  keepAlive.stop()
})
