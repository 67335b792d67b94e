import { expect, test } from 'vitest'
import { Children } from '../src/run/children.js'
import { Lane } from '../src/run/lane.js'
import { contenderOf } from '../src/savers/index.js'
import { Services } from '../src/services/services.js'
import { workloadOf } from '../src/workloads/index.js'

const TURNS = 3
const saver = contenderOf('does-nothing')
const plan = {
  quick: true,
  rounds: 1,
  seed: 1,
  only: [],
  contenders: [saver],
  code: 'source',
  named: true,
} as const

test.each([
  ['chat-500', 'stays in the process that was warmed up'],
  ['chat-500-new', 'begins in a new process'],
])('a round of %s %s', async (id) => {
  await using services = await Services.start(new Set(), () => undefined)
  await using children = new Children('source')
  const lane = new Lane({ plan, services, children, step: () => undefined }, workloadOf(id), saver, TURNS)
  await lane.warmUp()
  const warmedUp = await children.of(saver.id)
  await lane.round(0)
  expect((await children.of(saver.id)) === warmedUp).toBe(id === 'chat-500')
  expect(lane.row().status).toBe('measured')
})
