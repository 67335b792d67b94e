import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { scripts } from '../src/storage/scripts.generated.js'
import { readVerbs } from './support/server-commands.js'
import { type Subject, bytes, useLab } from './support/subject.js'

const subject = useLab()
const lua = fileURLToPath(new URL('../src/storage/lua', import.meta.url))

async function opened(): Promise<Subject> {
  const one = subject()
  await one.driver.open()
  one.transport.takeNames()
  return one
}

const put = { mutations: [{ type: 'put', key: ['a'], bytes: bytes(1) }] } as const

describe('a server that lost its scripts', () => {
  it('is sent them again, once', async () => {
    const one = await opened()
    await one.node.command('SCRIPT', 'FLUSH')
    expect(await one.commit(put)).toMatchObject({ ok: true, created: true })
    expect((await one.read({ type: 'count', prefix: [] }))[0].count).toBe(1)
    expect(await one.driver.drop(one.partition)).toBe(true)
    const [digest, source] = await readVerbs(one.node)
    expect(one.transport.takeNames()).toEqual(['EVALSHA', 'EVAL', digest, source, 'EVALSHA', 'EVAL'])
    await one.commit(put)
    await one.read({ type: 'info' })
    expect(one.transport.takeNames()).toEqual(['EVALSHA', digest])
  })

  it('is no trouble for many calls at once', async () => {
    const one = await opened()
    await one.node.command('SCRIPT', 'FLUSH')
    const commits = Array.from({ length: 20 }, (_, at) =>
      one.commit({ mutations: [{ type: 'insert', key: ['k', String(at)], bytes: bytes(at) }] }),
    )
    const results = await Promise.all(commits)
    expect(results.filter((result) => result.ok && result.created)).toHaveLength(1)
    expect((await one.read({ type: 'count', prefix: ['k'] }))[0].count).toBe(20)
  })

  it('may lose them over and over', async () => {
    const one = await opened()
    one.transport.before = async ([name]) => {
      if (name.startsWith('EVALSHA')) await one.node.command('SCRIPT', 'FLUSH')
    }
    for (let round = 0; round < 5; round++) {
      expect(await one.commit(put)).toMatchObject({ ok: true })
      expect((await one.read({ type: 'count', prefix: [] }))[0].count).toBe(1)
    }
  })
})

it('a server without read-only scripts is read by plain ones, and not asked twice', async () => {
  const one = subject()
  one.transport.before = ([name]) => {
    if (name.endsWith('_RO')) throw new Error(`ERR unknown command \`${name}\`, with args beginning with: `)
  }
  await one.driver.open()
  await one.node.command('SCRIPT', 'FLUSH')
  one.transport.takeNames()
  await one.commit(put)
  await one.read({ type: 'info' })
  await one.read({ type: 'info' })
  expect(one.transport.takeNames()).toEqual(['EVALSHA', 'EVAL', 'EVALSHA', 'EVAL', 'EVALSHA'])
})

describe('the Lua sources', () => {
  const allowed = new Set(
    'ZADD ZRANGE ZREM ZREMRANGEBYLEX ZLEXCOUNT ZCARD PEXPIRE PERSIST PTTL UNLINK EXISTS'.split(' '),
  )

  it.each(Object.values(scripts).map((script) => [script.name, script] as const))(
    '%s: core commands on its one declared key, under the digest of its source',
    (name, { source: whole, sha1 }) => {
      expect(createHash('sha1').update(whole).digest('hex')).toBe(sha1)
      // The questions about the server itself: its settings, which may be refused, and its time.
      const source = whole
        .replace("redis.pcall('INFO', 'memory')", '')
        .replace(name === 'read' ? "redis.call('TIME')" : '', '')
      const calls = [...source.matchAll(/redis\.(\w+)\(\s*([^,)]*),\s*([^,)]*)/g)]
      expect(calls.length).toBeGreaterThan(0)
      expect(calls.length).toBe(source.replaceAll('redis.sha1hex(', '').split('redis.').length - 1)
      for (const [, verb, command = '', key = ''] of calls) {
        expect(verb).toBe('call')
        expect(allowed).toContain(command.replaceAll("'", ''))
        expect(['key', 'KEYS[1]']).toContain(key)
      }
      expect(source).not.toMatch(/KEYS\[(?!1\])/)
      expect(source).not.toMatch(/unpack|loadstring|math\.random|os\./)
    },
  )

  it.each([
    ...[['read.lua'], ['survey.lua'], ['includes/groups.lua'], ['includes/paging.lua']],
    ...[['includes/gather.lua'], ['includes/walk.lua'], ['includes/find.lua']],
    ...[['includes/partition.lua'], ['includes/stored.lua']],
  ])('%s, of a read-only script, writes nothing', (name) => {
    const source = readFileSync(`${lua}/${name}`, 'utf8')
    const called = [...source.matchAll(/redis\.call\('(\w+)'/g)].map(([, command]) => command)
    expect(called.every((command) => /^(ZRANGE|ZLEXCOUNT|PTTL|TIME)$/.test(command ?? ''))).toBe(true)
  })

  it.each(readdirSync(lua).filter((name) => name.endsWith('.lua')))(
    '%s: every letter that the code tells apart is in the header',
    (name) => {
      const source = readFileSync(`${lua}/${name}`, 'utf8')
      const [header = ''] = source.split('\n\n--- @include')
      const code = [
        source,
        ...(name === 'commit.lua' ? [readFileSync(`${lua}/includes/checks.lua`, 'utf8')] : []),
      ]
      const letters = code.flatMap((text) =>
        [...text.matchAll(/== '([A-Za-z])' /g)].map(([, letter]) => letter),
      )
      for (const letter of letters) expect(header).toMatch(new RegExp(`\\b${letter} \\w`))
    },
  )
})
