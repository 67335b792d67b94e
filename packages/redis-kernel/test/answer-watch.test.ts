import { ProcessTime } from '@cairnkit/core/driver'
import { expect, test } from 'vitest'
import { AnswerWatch, type Sent, sizeOf } from '../src/connections/clients/answer-watch.js'
import type { Traffic } from '../src/connections/clients/traffic.js'

const LIMIT_MS = 5000
const key = new Uint8Array()

/** A connection whose client shows what moves on it. */
type Shown = { -readonly [Name in keyof Traffic]: Traffic[Name] }

const shown = (): Shown => ({ receivedBytes: 0, sentBytes: 0, isFull: false })

/** A watch whose time only the test moves. */
function start() {
  let now = 0
  let look = (): void => {}
  const behindInput: (() => void)[] = []
  const time = new ProcessTime({
    now: () => now,
    every: (_ms, each) => {
      look = each
      return { hold: () => {}, stop: () => (look = () => {}) }
    },
    afterInput: (work) => behindInput.push(work),
  })
  const silent: Sent[] = []
  const trafficOf = (connection: object): Traffic | undefined =>
    'receivedBytes' in connection ? (connection as Traffic) : undefined
  const watch = new AnswerWatch(LIMIT_MS, (sent) => silent.push(sent), trafficOf, time)
  const turn = async (ms: number): Promise<void> => {
    now += ms
    look()
    await new Promise(setImmediate)
    for (const work of behindInput.splice(0)) work()
    await new Promise(setImmediate)
  }
  const run = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 50) await turn(50)
  }
  const send = (connection: object, bytes = 0) => {
    let answer: (value: string) => void = () => {}
    const reply = new Promise<string>((resolve) => (answer = resolve))
    let ended: unknown
    watch.watch({ client: connection, connection, key, bytes }, reply).then(
      (value) => (ended = value),
      (cause: unknown) => (ended = cause),
    )
    return { answer: (value: string) => answer(value), ended: () => ended }
  }
  return { watch, silent, send, turn, run }
}

const noAnswer = { code: 'timeout', disposition: 'ambiguous' }

test('a connection that owes an answer for the whole limit is silent, and all that it owes fails', async () => {
  const { watch, silent, send, run } = start()
  const connection = {}
  const first = send(connection)
  await run(4000)
  // Writing is no sign of life: what is sent later does not begin the limit anew.
  const second = send(connection)
  await run(1000)
  expect(silent).toMatchObject([{ connection }])
  expect(first.ended()).toMatchObject(noAnswer)
  expect(second.ended()).toMatchObject(noAnswer)
  expect(watch.isSilent(connection)).toBe(true)
})

test('a connection that answers is not silent, however long the last of many commands waits', async () => {
  const { silent, send, run } = start()
  const connection = {}
  const commands = Array.from({ length: 20 }, () => send(connection))
  for (const command of commands) {
    await run(4000)
    command.answer('yes')
  }
  await run(50)
  expect(silent).toEqual([])
  expect(commands.map(({ ended }) => ended())).toEqual(commands.map(() => 'yes'))
})

test('one connection says nothing of another', async () => {
  const { silent, send, run } = start()
  const [dead, alive] = [{}, {}]
  const waiting = send(dead)
  for (let second = 0; second < 5; second++) {
    send(alive).answer('yes')
    await run(1000)
  }
  expect(waiting.ended()).toMatchObject(noAnswer)
  expect(silent).toMatchObject([{ connection: dead }])
})

test('an idle connection owes nothing, and its limit begins with the next command', async () => {
  const { silent, send, run } = start()
  const connection = {}
  send(connection).answer('yes')
  await run(60_000)
  const next = send(connection)
  await run(4950)
  expect(next.ended()).toBeUndefined()
  await run(50)
  expect(next.ended()).toMatchObject(noAnswer)
  expect(silent).toHaveLength(1)
})

test('a large command has the time that a slow link needs for its bytes', async () => {
  const { send, run } = start()
  const large = send({}, sizeOf(['SET', 'k', new Uint8Array(12 * 1024 * 1024)]))
  await run(50_000)
  expect(large.ended()).toBeUndefined()
  await run(10_000)
  expect(large.ended()).toMatchObject(noAnswer)
})

test('a connection on which an answer comes byte by byte is not silent, nor are those behind it', async () => {
  const { silent, send, run } = start()
  const connection = shown()
  const large = send(connection)
  const behind = send(connection)
  for (let second = 0; second < 30; second++) {
    connection.receivedBytes += 100
    await run(1000)
  }
  expect(silent).toEqual([])
  large.answer('large')
  behind.answer('small')
  await run(50)
  expect([large.ended(), behind.ended()]).toEqual(['large', 'small'])
})

test('an answer that stops halfway is silence from then on, and the fault says how much had come', async () => {
  const { silent, send, run } = start()
  const connection = shown()
  const halfway = send(connection)
  for (let second = 0; second < 10; second++) {
    connection.receivedBytes += 100_000
    await run(1000)
  }
  // Seen within a tenth of the limit.
  await run(3900)
  expect(silent).toEqual([])
  await run(600)
  expect(silent).toMatchObject([{ connection }])
  expect(halfway.ended()).toMatchObject({ ...noAnswer, advice: expect.stringContaining('commandTimeoutMs') })
  expect(String(halfway.ended())).toContain('1.0 MB had come on its connection, and then nothing for 5000 ms')
})

test('a connection on which nothing moves is silent as soon as one that shows nothing', async () => {
  const { send, run } = start()
  const one = send(shown())
  await run(4950)
  expect(one.ended()).toBeUndefined()
  await run(50)
  expect(one.ended()).toMatchObject(noAnswer)
  expect(String(one.ended())).toContain('within 5000 ms, and nothing came on its connection')
})

test('what waited for room and leaves is a sign of life; what leaves at once is none', async () => {
  const { silent, send, run } = start()
  const [taken, buffered] = [shown(), shown()]
  taken.isFull = true
  send(taken)
  send(buffered)
  for (let second = 0; second < 6; second++) {
    taken.sentBytes += 100
    buffered.sentBytes += 100
    await run(1000)
  }
  expect(silent).toMatchObject([{ connection: buffered }])
})

test('tells how far it is with the oldest command for a key', async () => {
  const { watch, send, run } = start()
  const connection = shown()
  const other = new Uint8Array([1])
  const before = watch.watch({ client: connection, connection, key: other, bytes: 0 }, new Promise(() => {}))
  before.catch(() => undefined)
  connection.receivedBytes = 30
  await run(1000)
  send(connection)
  connection.receivedBytes = 100
  await run(1000)
  send(connection)
  expect(watch.progress(connection, key)).toEqual({ waitedMs: 1000, receivedBytes: 70, ahead: 1 })
  expect(watch.progress(connection, other)).toEqual({ waitedMs: 2000, receivedBytes: 100, ahead: 0 })
  expect(watch.progress({}, key)).toBeUndefined()
})

test('a process that stood still calls nobody silent, and says so when somebody is', async () => {
  const { silent, send, turn, run } = start()
  const connection = {}
  const command = send(connection)
  await turn(17_000)
  expect(silent).toEqual([])
  await run(5000)
  expect(String(command.ended())).toMatch(
    /within 5000 ms, not counting 16900 ms in which this process stood still/,
  )
})

test('what is heard of a silent connection ends its rest', async () => {
  const { watch, send, run } = start()
  const connection = {}
  const late = send(connection)
  await run(5000)
  expect(watch.isSilent(connection)).toBe(true)
  late.answer('at last')
  await run(50)
  expect(watch.isSilent(connection)).toBe(false)
})
