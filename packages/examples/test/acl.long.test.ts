import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Cluster } from 'ioredis'
import { expect, it } from 'vitest'
import { root } from './support/documents.js'
import { startLab } from './support/lab.js'
import { runDemo } from './support/program.js'

/** The rule that the README tells people to use, and that errors of code `forbidden` lead them to. */
function ruleOfTheReadme(): string[] {
  const [, rule] = /^ *ACL (SETUSER cairn .*)$/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
  if (rule === undefined) throw new Error('The README names no rule')
  return rule.split(' ')
}

it("the README's ACL user may do all that is needed, on a Cluster and through both clients", async () => {
  await using lab = await startLab('cluster')
  const addresses = lab.url.replace('redis+cluster://', '').split(',')
  const administrator = new Cluster(addresses.map((address) => `redis://${address}`))
  await new Promise((resolve) => administrator.once('ready', resolve))
  for (const node of administrator.nodes('all')) {
    // An older server does not know them all, as the README says; before 7.0 it tells nothing of subcommands.
    const words = ruleOfTheReadme()
    const commands = words.filter((word) => word.startsWith('+')).map((word) => word.slice(1))
    const names = commands.map((command) => command.replace(/\|.*/, ''))
    const known = (await node.call('COMMAND', 'INFO', ...names)) as unknown[]
    const unknown = new Set(commands.filter((_, at) => known[at] === null).map((command) => `+${command}`))
    const rule = words.filter((word) => !unknown.has(word))
    await node.call('ACL', ...rule)
  }
  administrator.disconnect()
  for (const client of ['ioredis', 'node-redis']) {
    const url = lab.url.replace('://', '://cairn:password@') + `?client=${client}`
    const { exitCode, stdout, stderr } = await runDemo([url])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout.match(/^Agent: Your name is Ada\.$/gm)).toHaveLength(2)
    expect(stdout).not.toContain('password')
  }
})
