import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type TestContext, expect, onTestFinished, test } from 'vitest'
import { attachLab, labFacts, namespacesWork, startLab } from '../src/index.js'

const run = promisify(execFile)
const possible = await namespacesWork()

function needNamespaces(context: TestContext): void {
  if (!possible) context.skip('network namespaces need Linux, root and the program ip')
}

async function networkOf(host: string): Promise<string> {
  const { stdout } = await run('ip', ['-o', 'address'])
  const line = stdout.split('\n').find((one) => one.includes(host.replace(/\d+$/, '254')))
  return /(cairn-lab\d+)/.exec(line ?? '')?.[1] ?? ''
}

test('a server that is cut off is silent, and has its data when it is mended', async (context) => {
  needNamespaces(context)
  const lab = await startLab('standalone', { network: 'namespaces' })
  onTestFinished(() => lab.stop())
  const [node] = attachLab(labFacts(lab)).nodes
  await node.command('SET', 'a', 'b')
  await node.cut()
  const reply = node.command('GET', 'a').catch(() => 'lost')
  expect(await Promise.race([reply, sleep(100, 'silence')])).toBe('silence')
  await node.mend()
  expect(await node.command('GET', 'a')).toBe('b')
})

test('sentinels promote a replica of a primary that is cut off', async (context) => {
  needNamespaces(context)
  const lab = await startLab('sentinel', { network: 'namespaces', failover: 'soon' })
  onTestFinished(() => lab.stop())
  const [first] = await lab.primaries()
  await first?.cut()
  let [promoted] = await lab.primaries()
  while (promoted === undefined || promoted.name === first?.name) {
    await sleep(100)
    promoted = (await lab.primaries())[0]
  }
  await first?.mend()
  await lab.ready()
  expect((await lab.primaries()).map(({ name }) => name)).toEqual([promoted.name])
})

test('nothing of the network is left', async (context) => {
  needNamespaces(context)
  const lab = await startLab('cluster', { network: 'namespaces' })
  const network = await networkOf(lab.nodes[0].host)
  expect(network).not.toBe('')
  await lab.stop()
  const [links, names] = await Promise.all([run('ip', ['-o', 'link']), run('ip', ['netns', 'list'])])
  expect(links.stdout).not.toContain(`${network}:`)
  expect(links.stdout).not.toContain(`${network.replace('-lab', '')}n`)
  expect(names.stdout).not.toContain(`${network}-`)
})

test('without namespaces no server can be cut off', async () => {
  const lab = await startLab('standalone')
  onTestFinished(() => lab.stop())
  await expect(lab.nodes[0].cut()).rejects.toThrow("network: 'namespaces'")
})
