import { ProcessTime } from '@cairnkit/core/driver'
import { expect, test } from 'vitest'
import { AnswerWatch, type Sent, sizeOf } from '../src/connections/clients/answer-watch.js'

const LIMIT_MS = 5000
const key = new Uint8Array()

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
  const watch = new AnswerWatch(LIMIT_MS, (sent) => silent.push(sent), time)
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
