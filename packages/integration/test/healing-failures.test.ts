import { CairnSaver, type HealedEvent } from '@cairnkit/langgraph'
import { type Lab, type LabNode, labFacts, startLab, waitFor } from '@cairnkit/redis-lab'
import type { StateSnapshot } from '@langchain/langgraph'
import { type TestContext, expect, test } from 'vitest'
import type { StorageDriver } from '@cairnkit/core'
import { openCell } from '../src/cell-under-test.js'
import { chatGraph, human, textsOf, threadConfig } from '../src/graphs.js'
import { primaryOfKey } from '../src/primary-of-key.js'
import { redisDriver } from '../src/redis-driver.js'

const NO_SERVER = 'there is no server that could fail'

interface Scene extends AsyncDisposable {
  readonly lab: Lab
  readonly driver: StorageDriver
  readonly keyPrefix: string
}

/** Servers of its own, for a test that breaks them. */
async function open(context: TestContext, only?: Lab['kind']): Promise<Scene> {
  const cell = await openCell('failures')
  const { storage } = cell.cell
  if (storage.kind !== 'redis') return context.skip(NO_SERVER)
  if (only !== undefined && storage.topology !== only) return context.skip(`only ${only} fails in this way`)
  const lab = await startLab(storage.topology, { failover: 'soon' })
  const driver = redisDriver(storage, labFacts(lab), cell.keyPrefix)
  return {
    lab,
    driver,
    keyPrefix: cell.keyPrefix,
    [Symbol.asyncDispose]: async () => {
      await driver.close()
      await lab.stop()
      await cell[Symbol.asyncDispose]()
    },
  }
}

async function statesOf(driver: StorageDriver, threadId: string): Promise<Map<string, unknown>> {
  const states = new Map<string, unknown>()
  const graph = chatGraph(new CairnSaver(driver))
  for await (const snapshot of graph.getStateHistory(
    threadConfig(threadId),
  ) as AsyncIterable<StateSnapshot>) {
    const id = String(snapshot.config.configurable?.['checkpoint_id'])
    states.set(id, [textsOf((snapshot.values as { messages?: never[] }).messages ?? []), snapshot.next])
  }
  return states
}

/** Does its worst between two turns of a chat whose process lives on, and has the next turn begun where the last ended. */
async function expectHealed(
  scene: Scene,
  healing: 'tail' | 'thread',
  worst: (turn: (text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const healed: HealedEvent[] = []
  const saver = new CairnSaver(scene.driver, {
    healing,
    timeoutMs: 30_000,
    observer: { onHealed: (event) => void healed.push(event) },
  })
  const graph = chatGraph(saver)
  const turn = async (text: string): Promise<void> => {
    await graph.invoke(human(text), { ...threadConfig('chat'), durability: 'sync' })
  }
  await turn('one')
  const { config } = await graph.getState(threadConfig('chat'))
  let acknowledged = await statesOf(scene.driver, 'chat')
  let last = config
  await worst(async (text) => {
    await turn(text)
    acknowledged = await statesOf(scene.driver, 'chat')
    last = (await graph.getState(threadConfig('chat'))).config
  })
  // The run goes on: LangGraph writes below the checkpoint that it knows.
  await saver.putWrites(last, [['messages', 'still here']], 'task')
  const now = await statesOf(scene.driver, 'chat')
  for (const [id, state] of acknowledged) expect(now.get(id), `checkpoint ${id}`).toEqual(state)
  expect(healed.length).toBeGreaterThan(0)
  await turn('after')
  const { values } = await chatGraph(new CairnSaver(scene.driver)).getState(threadConfig('chat'))
  expect(textsOf(values.messages).at(-2)).toBe('after')
}

test('a failover to a replica that was behind: the run has its tail again', async (context) => {
  await using scene = await open(context, 'sentinel')
  await expectHealed(scene, 'tail', async (turn) => {
    const { lab } = scene
    const [primary] = await lab.primaries()
    const replicas = lab.nodes.filter((node) => node !== primary)
    await Promise.all(replicas.map(async (node) => await node.pause()))
    // Or they would find in their sockets what the primary has sent them meanwhile.
    await primary?.command('CLIENT', 'KILL', 'TYPE', 'replica')
    await turn('two')
    await turn('three')
    await primary?.kill()
    await Promise.all(replicas.map(async (node) => await node.resume()))
    await waitFor('another primary', async () => await otherPrimary(lab, primary))
  })
})

test('a server that comes back empty: the run has its thread again, with healing thread', async (context) => {
  await using scene = await open(context, 'standalone')
  await expectHealed(scene, 'thread', async (turn) => {
    await turn('two')
    await scene.lab.nodes[0].kill()
    await scene.lab.nodes[0].restart({ empty: true })
    await scene.lab.ready()
  })
})

test('a server that comes back with an older file: the run has its tail again', async (context) => {
  await using scene = await open(context, 'standalone')
  await expectHealed(scene, 'tail', async (turn) => {
    const [node] = scene.lab.nodes
    await node.command('SAVE')
    await turn('two')
    await node.kill()
    await node.restart()
    await scene.lab.ready()
  })
})

test('a flushed server: the run has its thread again, with healing thread', async (context) => {
  await using scene = await open(context)
  await expectHealed(scene, 'thread', async (turn) => {
    await turn('two')
    const node = await primaryOfKey(scene.lab, `${scene.keyPrefix}:{thread:chat}`)
    await node.command('FLUSHALL')
  })
})

async function otherPrimary(lab: Lab, former: LabNode | undefined): Promise<LabNode | undefined> {
  const primaries = await lab.primaries().catch(() => [])
  return primaries.find((node) => node !== former)
}
