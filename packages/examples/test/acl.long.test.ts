import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Cluster, type Redis } from 'ioredis'
import { expect, it } from 'vitest'
import { root } from './support/documents.js'
import { startLab } from './support/lab.js'
import { runDemo } from './support/program.js'

/** The rules that the README tells people to use, those for the newest servers first. */
function rulesOfTheReadme(): string[][] {
  const rules = readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^ *ACL (SETUSER cairn .*)$/gm)
  return [...rules].map(([, rule = '']) => rule.split(' '))
}

/** The rule for servers like this one: the commands that came with 7.2 and with 7.0 tell them apart. */
async function ruleFor(server: Redis): Promise<string[]> {
  const known = (await server.call('COMMAND', 'INFO', 'waitaof', 'evalsha_ro')) as unknown[]
  const rule = rulesOfTheReadme()[known.filter((one) => one === null).length]
  if (rule === undefined) throw new Error('The README has no rule for this server')
  return rule
}

it("the README's ACL user may do all that is needed, on a Cluster and through both clients", async () => {
  await using lab = await startLab('cluster')
  const addresses = lab.url.replace('redis+cluster://', '').split(',')
  const administrator = new Cluster(addresses.map((address) => `redis://${address}`))
  await new Promise((resolve) => administrator.once('ready', resolve))
  for (const node of administrator.nodes('all')) await node.call('ACL', ...(await ruleFor(node)))
  administrator.disconnect()
  for (const client of ['ioredis', 'node-redis']) {
    const url = lab.url.replace('://', '://cairn:password@') + `?client=${client}`
    const { exitCode, stdout, stderr } = await runDemo([url])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout.match(/^Agent: Your name is Ada\.$/gm)).toHaveLength(2)
    expect(stdout).not.toContain('password')
  }
})
