import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { Keyspace, type StorageDriver } from '@cairnkit/core'
import { type Lab, type LabNode, startLab } from '@cairnkit/redis-lab'
import { describe, expect, it } from 'vitest'
import { optionsFor } from '../support/lab-options.js'
import type { CreateDriver } from './client-under-test.js'

const kinds = ['standalone', 'sentinel', 'cluster'] as const

/** In several partitions, so that every primary of a cluster is spoken to. */
async function use(driver: StorageDriver): Promise<void> {
  const space = new Keyspace(driver, ['own'], { timeoutMs: 20_000 })
  const put = { type: 'put', key: ['k'], bytes: Buffer.from('v'), refs: [] } as const
  await Promise.all(
    Array.from({ length: 16 }, async (_, at) => {
      const { ok } = await space.partition(`p${at}`).commit({ mutations: [put] })
      expect(ok).toBe(true)
    }),
  )
}

async function everywhere(nodes: readonly LabNode[], ...command: readonly string[]): Promise<unknown[]> {
  return await Promise.all(nodes.map(async (node) => await node.command(...(command as [string]))))
}

const serversOf = (lab: Lab): readonly LabNode[] =>
  lab.kind === 'sentinel' ? [...lab.nodes, ...lab.sentinels] : lab.nodes

/** How many connections have this name, over all of these servers. */
async function named(nodes: readonly LabNode[], name: string): Promise<number> {
  const lists = await everywhere(nodes, 'CLIENT', 'LIST')
  return lists.join('\n').match(new RegExp(` name=${name} `, 'g'))?.length ?? 0
}

/** What the connections that a driver makes say of themselves, on every topology. */
export function describeOwnConnections(create: CreateDriver): void {
  describe.each(kinds)('connections of a driver: %s', (kind) => {
    it('log in with the password that a function gives, and with the next one when it has changed', async () => {
      await using lab = await startLab(kind)
      const servers = serversOf(lab)
      let current = 'first-token'
      const rules = ['on', '~*', '&*', '+@all']
      await everywhere(servers, 'ACL', 'SETUSER', 'rotating', ...rules, `>${current}`)
      const asked: string[] = []
      const ask = (name: string) => async (): Promise<string> => {
        await Promise.resolve()
        asked.push(name)
        return current
      }
      const who = { username: 'rotating', sentinelUsername: 'rotating' }
      const options = { ...who, password: ask('servers'), sentinelPassword: () => current }
      await using driver = create(optionsFor(lab, options))
      await driver.open()
      await use(driver)
      const before = asked.length
      expect(before).toBeGreaterThan(0)

      current = 'second-token'
      await everywhere(servers, 'ACL', 'SETUSER', 'rotating', 'resetpass', `>${current}`)
      await everywhere(servers, 'CLIENT', 'KILL', 'USER', 'rotating')
      await use(driver)
      expect(asked.length).toBeGreaterThan(before)
      expect(inspect(driver, { depth: 20, showHidden: true })).not.toContain('token')
    }, 60_000)

    it('log in with what the function gives next, when the server refuses what it gave first', async () => {
      await using lab = await startLab(kind)
      await everywhere(lab.nodes, 'ACL', 'SETUSER', 'rotating', 'on', '~*', '&*', '+@all', '>the-new-token')
      // One for each server that is asked in the first attempt.
      let stale = lab.kind === 'cluster' ? lab.nodes.length : 1
      const password = (): string => (stale-- > 0 ? 'the-old-token' : 'the-new-token')
      await using driver = create(optionsFor(lab, { username: 'rotating', password }))
      await driver.open()
      await use(driver)
      expect(stale).toBeLessThan(0)
    }, 60_000)

    it('have a name, and one that is new has it too', async () => {
      await using lab = await startLab(kind)
      await using driver = create(optionsFor(lab, { clientName: 'agents-of-ada' }))
      await driver.open()
      await use(driver)
      const primaries = await lab.primaries()
      const count = primaries.length
      await expect.poll(() => named(primaries, 'agents-of-ada')).toBeGreaterThanOrEqual(count)
      await everywhere(primaries, 'CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
      await use(driver)
      await expect.poll(() => named(primaries, 'agents-of-ada')).toBeGreaterThanOrEqual(count)
    }, 60_000)

    it('are made where the user may not name them', async () => {
      await using lab = await startLab(kind)
      await everywhere(lab.nodes, 'ACL', 'SETUSER', 'plain', 'on', '>pass', '~*', '&*', '+@all', '-client')
      await using driver = create(optionsFor(lab, { username: 'plain', password: 'pass' }))
      await driver.open()
      await use(driver)
      expect(await named(await lab.primaries(), 'cairn')).toBe(0)
    }, 60_000)
  })

  describe('a password function', () => {
    const notThere = { url: 'redis://127.0.0.1:9' }

    it('that fails is named, and what it gives is never shown', async () => {
      await using lab = await startLab('standalone')
      const options = optionsFor(lab, {
        password: () => {
          throw new Error('the vault is away')
        },
      })
      await using driver = create({ ...options, connectTimeoutMs: 2000 })
      await expect(driver.open()).rejects.toThrow(/passed as password failed: the vault is away/)
      await expect(driver.open()).rejects.toMatchObject({ code: 'auth' })
    })

    it('is asked once more when what it gave was refused, and then it is told', async () => {
      await using lab = await startLab('standalone')
      let asked = 0
      const password = (): string => `wrong-${asked++}`
      const options = optionsFor(lab, { username: 'nobody', password })
      await using driver = create({ ...options, connectTimeoutMs: 20_000 })
      await expect(driver.open()).rejects.toMatchObject({ code: 'auth', disposition: 'permanent' })
      expect(asked).toBe(2)
    })

    it('gives text', async () => {
      await using lab = await startLab('standalone')
      await using driver = create({
        ...optionsFor(lab, { password: (() => 7) as never }),
        connectTimeoutMs: 2000,
      })
      await expect(driver.open()).rejects.toThrow(/passed as password gave no text, but number/)
    })

    it('is a function or a text', () => {
      expect(() => create({ ...notThere, password: 7 as never })).toThrow(
        /a function that gives one, got number/,
      )
    })
  })

  it('reach a socket in the file system', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cairn-socket-'))
    const path = join(folder, 'redis.sock')
    try {
      await using lab = await startLab('standalone', { config: { unixsocket: path } })
      await using driver = create({ url: `unix://${path}?db=2` })
      await driver.open()
      await use(driver)
      expect(await named(lab.nodes, 'cairn')).toBe(1)
      expect(String(await lab.nodes[0].command('INFO', 'keyspace'))).toMatch(/^db2:keys=16/m)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('lead to addresses of the family that was asked for', async () => {
    await using lab = await startLab('standalone')
    const { port } = lab.nodes[0]
    await using four = create({ url: `redis://localhost:${port}?family=4` })
    await four.open()
    // The lab listens on 127.0.0.1 alone.
    await using six = create({ url: `redis://localhost:${port}?family=6`, connectTimeoutMs: 2000 })
    await expect(six.open()).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('name the command that a server has renamed, and repeat no argument', async () => {
    await using lab = await startLab('standalone', { config: { 'rename-command': 'EVALSHA ""' } })
    await using driver = create(optionsFor(lab, {}))
    const failure: unknown = await driver.open().catch((cause: unknown) => cause)
    expect(failure).toMatchObject({ code: 'unsupported', disposition: 'permanent' })
    expect(String(failure)).toMatch(/no command of this name; it was renamed/)
    expect(String(failure)).toContain('EVALSHA')
    expect(String(failure)).not.toContain('args beginning')
  })
}
