import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type LabNode, type StartLabOptions, attachLab, labFacts, startLab } from '../src/index.js'

interface OneNode {
  readonly owned: LabNode
  /** The same node by a handle that another process would have. */
  readonly attached: LabNode
}

async function oneNode(options?: StartLabOptions): Promise<OneNode> {
  const lab = await startLab('standalone', options)
  onTestFinished(() => lab.stop())
  const [owned] = lab.nodes
  const [attached] = attachLab(labFacts(lab)).nodes
  return { owned, attached }
}

test('a paused server says nothing until it is resumed', async () => {
  const { owned, attached } = await oneNode()
  await attached.pause()
  const reply = owned.command('PING')
  // Silence has no condition to poll for; an answer over loopback takes well under a millisecond.
  expect(await Promise.race([reply, sleep(100, 'silence')])).toBe('silence')
  await attached.resume()
  expect(await reply).toBe('PONG')
})

test('a killed server is gone, and comes back on its port without its data', async () => {
  const { owned, attached } = await oneNode()
  await owned.command('SET', 'cairn:{x}', 'a value')
  await attached.kill()
  await expect(owned.command('PING')).rejects.toThrow(/closed|ECONN/)
  await expect(owned.pause()).rejects.toThrow('primary-1 is not running')
  await expect(attached.pause()).rejects.toThrow('primary-1 is not running')
  await attached.restart()
  expect(await owned.command('GET', 'cairn:{x}')).toBeNull()
})

test('with appendOnly a server remembers across kill and restart, unless it is to start empty', async () => {
  const { owned } = await oneNode({ appendOnly: true })
  await owned.command('SET', 'cairn:{x}', 'a value')
  await owned.kill()
  await owned.restart()
  expect(await owned.command('GET', 'cairn:{x}')).toBe('a value')
  await owned.pause()
  await owned.restart()
  expect(await owned.command('GET', 'cairn:{x}')).toBe('a value')
  await owned.restart({ empty: true })
  expect(await owned.command('GET', 'cairn:{x}')).toBeNull()
})
