import { setTimeout as delay } from 'node:timers/promises'
import {
  FaultProxy,
  type FaultProxyOptions,
  type RequestFault,
  chunks,
  cutOff,
  cutPoints,
  holdNext,
  once,
  refuseAll,
} from '@cairnkit/conformance/faults'
import { describe, expect, it, vi } from 'vitest'
import { LineClient } from '../support/line-client.js'
import { LineServer } from '../support/line-server.js'
import { lines } from '../support/lines.js'

/** A server that remembers what reached it, a proxy before it, and a client of the proxy. */
async function scene(options: Partial<FaultProxyOptions> = {}) {
  const reached: string[] = []
  const server = await LineServer.start((line) => {
    reached.push(line)
    return `re: ${line}`
  })
  const proxy = await FaultProxy.open({ framing: lines, ...options, targets: [server] })
  const client = await LineClient.connect(proxy.address)
  return {
    reached,
    server,
    proxy,
    client,
    async [Symbol.asyncDispose](): Promise<void> {
      client[Symbol.dispose]()
      await proxy.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

/** Long enough for what must not happen to happen; what must is waited for. */
const settled = (): Promise<void> => delay(50)
const PATIENCE = { timeout: 120_000 }

describe('a proxy', () => {
  it('passes everything on when nothing is planned', async () => {
    await using one = await scene()
    one.client.send('a', 'b')
    one.client.write('c')
    one.client.write('d\n')
    expect(await one.client.received(3)).toEqual(['re: a', 're: b', 're: cd'])
    expect(one.proxy.counts).toEqual({ connections: 1, requests: 3, faults: 0 })
  })

  it.each(
    cutPoints.flatMap((at) => [
      { at, by: 'close' as const },
      { at, by: 'reset' as const },
    ]),
  )('cuts $at by $by: what was sent before is answered', async ({ at, by }) => {
    await using one = await scene()
    one.client.send('warm')
    await one.client.received(1)
    let seen = 0
    one.proxy.plan = { request: () => (++seen === 3 ? { type: 'cut', at, by } : undefined) }
    one.client.send('1', '2', 'hit', 'behind')
    await one.client.ended
    await settled()
    const answered = ['re: warm', 're: 1', 're: 2', ...(at === 'after-reply' ? ['re: hit'] : [])]
    expect(one.client.replies).toEqual(answered)
    expect(one.reached.slice(0, 3)).toEqual(['warm', '1', '2'])
    expect(one.reached.includes('hit')).toBe(at !== 'before-send')
    // What is behind a request that was swallowed is swallowed as well.
    expect(one.reached.includes('behind') && at === 'before-send').toBe(false)
    expect(one.proxy.counts.faults).toBe(1)
  })

  it.each([
    ['close', 'end'],
    ['reset', 'reset'],
  ] as const)('by %s: its client hears of it as %s', async (by, heard) => {
    for (const at of ['before-send', 'after-send'] as const) {
      await using one = await scene({ plan: once({ type: 'cut', at, by }) })
      one.client.send('hit')
      expect(await one.client.ended).toBe(heard)
    }
  })

  it('cuts after the server has done its work, not before', async () => {
    let done = false
    await using server = await LineServer.start(async () => {
      await delay(50)
      done = true
      return 'done'
    })
    await using proxy = await FaultProxy.open({ targets: [server], framing: lines })
    using client = await LineClient.connect(proxy.address)
    proxy.plan = once({ type: 'cut', at: 'after-send' })
    client.send('work')
    await client.ended
    expect(done).toBe(true)
    expect(client.replies).toEqual([])
  })

  it('swallows a request that comes in pieces as a whole', async () => {
    await using one = await scene()
    one.proxy.plan = once({ type: 'cut', at: 'before-send' })
    one.client.write('first half, ')
    await settled()
    one.client.write('second half\n')
    await one.client.ended
    await settled()
    expect(one.reached).toEqual([])
  })

  it.each([
    ['request', []],
    ['reply', ['slow', 'behind']],
  ] as const)('holds a %s back, and what comes behind it', async (of, reachedMeanwhile) => {
    await using one = await scene()
    const late = holdNext(of)
    one.proxy.plan = late
    one.client.send('slow', 'behind')
    await late.held
    await vi.waitFor(() => expect(one.reached).toEqual(reachedMeanwhile), PATIENCE)
    await settled()
    expect(one.client.replies).toEqual([])
    expect(one.reached).toEqual(reachedMeanwhile)
    late.release()
    expect(await one.client.received(2)).toEqual(['re: slow', 're: behind'])
  })

  it.each(['request', 'reply'] as const)('delays a %s', async (of) => {
    await using one = await scene()
    one.proxy.plan = once({ type: 'delay', of, ms: 150 })
    const startedAt = performance.now()
    one.client.send('slow')
    expect(await one.client.received(1)).toEqual(['re: slow'])
    expect(performance.now() - startedAt).toBeGreaterThan(140)
  })

  it('delivers a request that was held back although its sender has gone', async () => {
    await using one = await scene()
    const late = holdNext('request')
    one.proxy.plan = late
    one.client.send('late')
    await late.held
    one.client[Symbol.dispose]()
    await settled()
    expect(one.reached).toEqual([])
    late.release()
    await vi.waitFor(() => expect(one.reached).toEqual(['late']), PATIENCE)
  })

  it('is a black hole for a request and all behind it, and for no other connection', async () => {
    await using one = await scene()
    one.proxy.plan = once({ type: 'black-hole' })
    one.client.send('gone', 'gone too')
    using other = await LineClient.connect(one.proxy.address)
    other.send('here')
    expect(await other.received(1)).toEqual(['re: here'])
    await settled()
    expect(one.client.replies).toEqual([])
    expect(one.reached).toEqual(['here'])
  })

  it('cuts off, on connections old and new, and is whole again', async () => {
    await using one = await scene({ plan: {} })
    one.proxy.plan = cutOff
    using during = await LineClient.connect(one.proxy.address)
    one.client.send('old')
    during.send('new')
    await settled()
    expect([...one.client.replies, ...during.replies, ...one.reached]).toEqual([])
    expect(one.server.connections).toBe(1)
    one.proxy.plan = {}
    using after = await LineClient.connect(one.proxy.address)
    after.send('after')
    expect(await after.received(1)).toEqual(['re: after'])
  })

  it('refuses every connection that is made', async () => {
    await using one = await scene()
    one.client.send('before')
    await one.client.received(1)
    one.proxy.plan = refuseAll
    one.client.send('old')
    expect(await one.client.ended).toBe('reset')
    expect(await LineClient.attempt(one.proxy.address)).toBe('reset')
    expect([one.server.connections, one.reached]).toEqual([1, ['before']])
  })

  it.each(['close', 'reset'] as const)('ends all connections there are, by %s', async (by) => {
    await using one = await scene()
    one.client.send('a')
    await one.client.received(1)
    one.proxy.cutAll(by)
    expect(await one.client.ended).toBe(by === 'close' ? 'end' : 'reset')
  })

  it('silences all connections there are, what is on its way included, and lets new ones pass', async () => {
    const reached: string[] = []
    let answerSlow: () => void = () => undefined
    const isSilent = new Promise<void>((resolve) => (answerSlow = resolve))
    const server = await LineServer.start(async (line) => {
      reached.push(line)
      if (line === 'slow') await isSilent
      return `re: ${line}`
    })
    await using proxy = await FaultProxy.open({ targets: [server], framing: lines })
    using old = await LineClient.connect(proxy.address)
    old.send('slow')
    await vi.waitFor(() => expect(reached).toEqual(['slow']), PATIENCE)
    proxy.silenceAll()
    answerSlow()
    old.send('behind')
    using fresh = await LineClient.connect(proxy.address)
    fresh.send('fresh')
    expect(await fresh.received(1)).toEqual(['re: fresh'])
    await settled()
    expect([old.replies, reached]).toEqual([[], ['slow', 'fresh']])
    // Not even that the server has gone is told.
    await server[Symbol.asyncDispose]()
    expect(await Promise.race([old.ended, delay(100, 'silence')])).toBe('silence')
  })

  it('silences the connections to one target alone', async () => {
    await using first = await LineServer.start(() => 'first')
    await using second = await LineServer.start(() => 'second')
    await using proxy = await FaultProxy.open({ targets: [first, second], framing: lines })
    const [toFirst, toSecond] = await Promise.all(
      proxy.addresses.map((address) => LineClient.connect(address)),
    )
    using silent = toFirst as LineClient
    using other = toSecond as LineClient
    proxy.silenceAll({ host: '127.0.0.1', port: first.port })
    silent.send('who')
    other.send('who')
    expect(await other.received(1)).toEqual(['second'])
    await settled()
    expect(silent.replies).toEqual([])
  })

  it('asks the plan about what concerns it, and names target and connection', async () => {
    const asked: string[] = []
    await using one = await scene({
      concerns: (request) => !request.includes('ping'),
      plan: {
        request: ({ bytes, connection, target }) => {
          asked.push(`${connection} ${target.port > 0} ${bytes.toString().trim()}`)
          return undefined
        },
      },
    })
    one.client.send('ping', 'a', 'ping')
    expect(await one.client.received(3)).toEqual(['re: ping', 're: a', 're: ping'])
    expect(asked).toEqual(['0 true a'])
  })

  it('maps the addresses of all targets', async () => {
    await using first = await LineServer.start(() => 'first')
    await using second = await LineServer.start(() => 'second')
    await using proxy = await FaultProxy.open({ targets: [first, second], framing: lines })
    for (const [target, name] of [
      [first, 'first'],
      [second, 'second'],
    ] as const) {
      const address = proxy.addressMap[`127.0.0.1:${target.port}`]
      if (address === undefined) throw new Error('no address')
      using client = await LineClient.connect(address)
      client.send('who')
      expect(await client.received(1)).toEqual([name])
    }
  })

  it('tells its client when the server has gone', async () => {
    const one = await scene()
    one.client.send('a')
    await one.client.received(1)
    await one.server[Symbol.asyncDispose]()
    await one.client.ended
    expect(await LineClient.attempt(one.proxy.address)).toBe('reset')
    one.client[Symbol.dispose]()
    await one.proxy.close()
  })
})

describe('without knowledge of the protocol', () => {
  const faults: readonly (readonly [RequestFault, reached: string[], replies: string[]])[] = [
    [{ type: 'cut', at: 'before-send' }, [], []],
    [{ type: 'cut', at: 'after-send' }, ['hit'], []],
    [{ type: 'cut', at: 'after-reply' }, ['hit'], ['re: hit']],
  ]
  it.each(faults)('is as exact for one request at a time: %j', async (fault, reached, replies) => {
    await using one = await scene({ framing: chunks })
    one.client.send('warm')
    await one.client.received(1)
    one.proxy.plan = once(fault)
    one.client.send('hit')
    await one.client.ended
    await vi.waitFor(() => expect(one.reached).toEqual(['warm', ...reached]), PATIENCE)
    await settled()
    expect(one.reached).toEqual(['warm', ...reached])
    expect(one.client.replies).toEqual(['re: warm', ...replies])
  })
})
