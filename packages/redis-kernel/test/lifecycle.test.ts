import { setTimeout as delay } from 'node:timers/promises'
import { DriverFault } from '@cairnkit/core/driver'
import { describe, expect, it } from 'vitest'
import { createRedisDriver } from '../src/storage/index.js'
import { knows, readVerbs } from './support/server-commands.js'
import { type Subject, bytes, useLab } from './support/subject.js'

const subject = useLab()
const info = { type: 'info' } as const

describe('opening', () => {
  it('happens by itself, once for all who wait', async () => {
    const one = subject()
    await Promise.all([one.read(info), one.commit({}), one.driver.drop(one.partition), one.driver.open()])
    expect(one.transport.connects).toBe(1)
  })

  it('copies what it was given before it waits', async () => {
    const one = subject()
    const content = bytes(1)
    const commit = one.commit({ mutations: [{ type: 'put', key: ['a'], bytes: content }] })
    content[0] = 2
    await commit
    expect((await one.read({ type: 'get', key: ['a'] }))[0].record?.bytes).toEqual(bytes(1))
  })

  const refused = (disposition: 'transient' | 'permanent'): DriverFault =>
    new DriverFault({ code: 'unavailable', disposition }, 'redis://user:hunter2@localhost:1 refused')

  it('that a person must make possible is refused at once, with no secret, and tried again by the next call', async () => {
    const one = subject()
    let failures = 1
    one.transport.beforeConnect = () => {
      if (failures-- > 0) throw refused('permanent')
    }
    const calls = [one.read(info), one.commit({})]
    for (const call of calls) {
      await expect(call).rejects.toMatchObject({ code: 'unavailable', disposition: 'permanent' })
      await expect(call).rejects.toThrow(/^redis:\/\/\*\*\*@localhost:1 refused$/)
    }
    await one.driver.open()
    expect(one.transport.connects).toBe(2)
  })

  it('is tried again while what hinders it passes by itself', async () => {
    const one = subject()
    let failures = 3
    one.transport.beforeConnect = () => {
      if (failures-- > 0) throw refused('transient')
    }
    await Promise.all([one.read(info), one.commit({})])
    expect(one.transport.connects).toBe(4)
  })

  it('tells why, when that takes too long, and is tried again by the next call', async () => {
    const one = subject({ connectTimeoutMs: 200 })
    let attempts = 0
    // The rest of the time passes without an answer: that is not the reason.
    one.transport.beforeConnect = () => {
      if (attempts++ < 2) throw refused('transient')
      return new Promise(() => {})
    }
    const opened = one.driver.open()
    await expect(opened).rejects.toMatchObject({ code: 'unavailable', disposition: 'transient' })
    await expect(opened).rejects.toThrow(
      /^redis:\/\/\*\*\*@localhost:1 refused; tried 3 times in \d+ ms; at last: .*did not answer/,
    )
    one.transport.beforeConnect = () => {}
    await one.driver.open()
  })

  it('tells a call whose own time is shorter why there is no connection', async () => {
    const one = subject({ connectTimeoutMs: 60_000 })
    one.transport.beforeConnect = () => {
      throw refused('transient')
    }
    const limited = one.driver.commit('p', {}, { timeoutMs: 200 })
    await expect(limited).rejects.toMatchObject({ code: 'unavailable', disposition: 'transient' })
    await expect(limited).rejects.toThrow(/no connection within \d+ ms: redis:\/\/\*\*\*@localhost:1 refused/)
    // Nobody waits any more, so nobody tries any more.
    await delay(300)
    const { connects } = one.transport
    await delay(500)
    expect(one.transport.connects).toBe(connects)
    await one.driver.close()
  })

  it('is bounded in time, by the option and by the caller', async () => {
    const one = subject({ connectTimeoutMs: 30 })
    one.transport.beforeConnect = () => new Promise(() => {})
    await expect(one.driver.open()).rejects.toMatchObject({ code: 'timeout', disposition: 'transient' })
    const patient = subject({ connectTimeoutMs: 60_000 })
    patient.transport.beforeConnect = () => new Promise(() => {})
    const limited = patient.driver.commit('p', {}, { timeoutMs: 20 })
    await expect(limited).rejects.toMatchObject({ code: 'timeout', disposition: 'transient' })
    const controller = new AbortController()
    const aborted = patient.driver.commit('p', {}, { signal: controller.signal })
    controller.abort()
    await expect(aborted).rejects.toMatchObject({ code: 'aborted', disposition: 'permanent' })
    expect(patient.transport.sent).toEqual([])
  })

  it.each([
    ['keyPrefix', { keyPrefix: 'a{b}' }, /must not hold/],
    ['keyPrefix', { keyPrefix: '' }, /one character or more/],
    ['keyPrefix', { keyPrefix: '\ud800' }, /well-formed/],
    ['keyPrefix', { keyPrefix: 7 as unknown as string }, /got number 7/],
    ['commandTimeoutMs', { commandTimeoutMs: 0 }, /whole number of milliseconds/],
    ['connectTimeoutMs', { connectTimeoutMs: 1.5 }, /whole number of milliseconds/],
  ])('refuses %s %j', (name, options, message) => {
    const { transport } = subject()
    expect(() => createRedisDriver(transport, options)).toThrow(TypeError)
    expect(() => createRedisDriver(transport, options)).toThrow(name)
    expect(() => createRedisDriver(transport, options)).toThrow(message)
  })
})

describe('a call', () => {
  it('is issued in the tick it is made', async () => {
    const one = subject()
    await one.driver.open()
    one.transport.takeNames()
    const calls = [
      one.read(info),
      one.commit({ mutations: [{ type: 'put', key: ['a'], bytes: bytes() }] }),
      one.driver.drop(one.partition),
    ]
    const sent = one.transport.takeNames()
    await Promise.all(calls)
    expect(sent).toEqual([(await readVerbs(one.node))[0], 'EVALSHA', 'EVALSHA'])
  })

  it('that was aborted before it was made sends nothing', async () => {
    const one = subject()
    await one.driver.open()
    one.transport.takeNames()
    const call = one.driver.commit(one.partition, {}, { signal: AbortSignal.abort() })
    await expect(call).rejects.toMatchObject({ code: 'aborted', disposition: 'permanent' })
    expect(one.transport.takeNames()).toEqual([])
  })

  it('that is not answered ends at the deadline, and may have been applied', async () => {
    const one = subject({ commandTimeoutMs: 40 })
    await one.driver.open()
    one.transport.before = () => new Promise(() => {})
    const unknown = { code: 'timeout', disposition: 'ambiguous' }
    await expect(one.commit({})).rejects.toMatchObject(unknown)
    await expect(one.read(info)).rejects.toMatchObject(unknown)
    await expect(one.driver.drop('p')).rejects.toMatchObject(unknown)
    await expect(one.driver.partitions('')[Symbol.asyncIterator]().next()).rejects.toMatchObject(unknown)
    const sooner = one.driver.commit('p', {}, { timeoutMs: 5 })
    await expect(sooner).rejects.toThrow('within 5 ms')
    const controller = new AbortController()
    const aborted = one.driver.commit('p', {}, { signal: controller.signal })
    controller.abort()
    await expect(aborted).rejects.toMatchObject({ code: 'aborted', disposition: 'ambiguous' })
  })
})

describe('closing', () => {
  it('is done once; calls after it fail', async () => {
    const one = subject()
    await one.driver.open()
    await Promise.all([one.driver.close(), one.driver.close()])
    await one.driver[Symbol.asyncDispose]()
    expect(one.transport.closes).toBe(1)
    const closed = { code: 'closed', disposition: 'permanent' }
    await expect(one.driver.open()).rejects.toMatchObject(closed)
    await expect(one.read(info)).rejects.toMatchObject(closed)
    await expect(one.commit({})).rejects.toMatchObject(closed)
    await expect(one.driver.drop('p')).rejects.toMatchObject(closed)
    await expect(one.driver.partitions('')[Symbol.asyncIterator]().next()).rejects.toMatchObject(closed)
    expect(one.transport.connects).toBe(1)
  })

  it('ends an open that is under way', async () => {
    const one = subject()
    let connected = (): void => {}
    one.transport.beforeConnect = () => new Promise((resolve) => (connected = resolve))
    const call = one.commit({})
    const close = one.driver.close()
    connected()
    await expect(call).rejects.toMatchObject({ code: 'closed' })
    await close
  })
})

describe('a server that cannot serve', () => {
  async function changed(
    setUp: string[],
    tearDown: string[],
    test: (one: Subject) => Promise<void>,
  ): Promise<void> {
    const one = subject()
    await one.commit({ mutations: [{ type: 'put', key: ['a'], bytes: bytes(1) }] })
    await one.node.command(...(setUp as [string]))
    try {
      await test(new (one.constructor as new (node: typeof one.node) => Subject)(one.node))
    } finally {
      await one.node.command(...(tearDown as [string]))
    }
  }

  const write = { mutations: [{ type: 'put', key: ['a'], bytes: bytes() }] } as const
  const meaning = async (one: Subject, call: Promise<unknown>): Promise<unknown> => {
    try {
      await call
      return 'ok'
    } catch (cause) {
      return one.driver.classify(cause)
    }
  }

  it('is full: it opens and reads, and says so when written to', async () => {
    await changed(['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0'], async (one) => {
      await one.driver.open()
      expect((await one.read(info))[0].epoch).toBeNull()
      expect(await meaning(one, one.commit(write))).toEqual({ code: 'full', disposition: 'permanent' })
    })
  })

  it('lacks replicas: it opens and reads, and passes soon', async () => {
    await changed(
      ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
      ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
      async (one) => {
        await one.driver.open()
        expect(await meaning(one, one.commit(write))).toEqual({
          code: 'unavailable',
          disposition: 'transient',
        })
      },
    )
  })

  it('is a replica: that passes when it is promoted', async () => {
    await changed(['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE'], async (one) => {
      const opened = one.driver.open({ timeoutMs: 500 })
      expect(await meaning(one, opened)).toEqual({ code: 'read-only', disposition: 'transient' })
      await one.node.command('REPLICAOF', 'NO', 'ONE')
      await one.driver.open()
    })
  })

  it.for(['-zremrangebylex', '-zadd', '-unlink', '-evalsha', '-eval', '-evalsha_ro', 'resetkeys'])(
    'forbids a command (%s): that is told when opening, not in the middle of a commit',
    async (rule, context) => {
      const one = subject()
      const command = rule.replace(/^-/, '')
      if (command !== rule && !(await knows(one.node, command)))
        return context.skip(`the server does not know ${command}`)
      await one.node.command('SCRIPT', 'FLUSH')
      await one.node.command('ACL', 'SETUSER', 'limited', 'reset', 'on', '>pw', '~cairn:*', '+@all', rule)
      await one.node.command('AUTH', 'limited', 'pw')
      try {
        expect(await meaning(one, one.driver.open())).toEqual({ code: 'forbidden', disposition: 'permanent' })
      } finally {
        await one.node.command('AUTH', 'default', '')
      }
    },
  )

  const noScripts = {
    code: 'unsupported',
    disposition: 'permanent',
    advice: expect.stringContaining('EVALSHA'),
  }

  it.each([
    ['knows no scripts', (name: string) => `ERR unknown command '${name}', with args beginning with: `],
    ['has words of its own for that', (name: string) => `ERR Command is not available: '${name}'.`],
  ])('%s', async (_, reply) => {
    const one = subject()
    one.transport.before = ([name]) => {
      if (name.startsWith('EVAL')) throw new Error(reply(name))
    }
    const opened = one.driver.open()
    expect(await meaning(one, opened)).toEqual(noScripts)
    await expect(opened).rejects.toThrow(/^the server runs no scripts.*EVALSHA and EVAL.*ERR/)
  })

  it.each([
    ['but for those that only read', '-evalsha -eval -fcall -script'],
    ['at all', '-@scripting'],
  ])('forbids scripts, %s: a managed service may, and no rule for a user helps then', async (_, rules) => {
    const one = subject()
    const known: string[] = []
    for (const rule of rules.split(' '))
      if (rule.includes('@') || (await knows(one.node, rule.slice(1)))) known.push(rule)
    await one.node.command('ACL', 'SETUSER', 'limited', 'reset', 'on', '>pw', '~cairn:*', '+@all', ...known)
    await one.node.command('AUTH', 'limited', 'pw')
    try {
      const read = one.read(info)
      expect(await meaning(one, read)).toEqual(noScripts)
      await expect(read).rejects.toThrow(/^the server runs no scripts.*NOPERM/)
    } finally {
      await one.node.command('AUTH', 'default', '')
    }
  })

  it('answers what no script of ours answers', async () => {
    const one = subject()
    one.transport.answer = () => Buffer.from('OK')
    expect(await meaning(one, one.driver.open())).toEqual({ code: 'unsupported', disposition: 'permanent' })
  })
})

it('needs no more than the commands that the README lists', async () => {
  const one = subject()
  const commands =
    'evalsha eval evalsha_ro eval_ro zadd zrange zrem zremrangebylex zlexcount zcard pexpire persist pttl time unlink scan ping'
  // A rule with a command that the server does not know is refused.
  const known: string[] = []
  for (const name of commands.split(' ')) if (await knows(one.node, name)) known.push(name)
  await one.node.command(
    'ACL',
    'SETUSER',
    'least',
    'reset',
    'on',
    '>pw',
    '~cairn:*',
    ...known.map((name) => `+${name}`),
    '+auth',
  )
  await one.node.command('AUTH', 'least', 'pw')
  try {
    await one.commit({
      mutations: [
        { type: 'put', key: ['a'], bytes: bytes(1) },
        { type: 'expire', ttlMs: 60_000 },
      ],
    })
    await one.commit({
      mutations: [
        { type: 'put', key: ['a'], bytes: bytes(2) },
        { type: 'delete', key: ['b'] },
        { type: 'sweep' },
        { type: 'expire', ttlMs: null },
      ],
    })
    await one.read({ type: 'range', prefix: [] }, info, { type: 'time' })
    const ids: string[] = []
    for await (const id of one.driver.partitions(one.partition)) ids.push(id)
    expect(ids).toEqual([one.partition])
    await one.commit({ mutations: [{ type: 'delete', key: ['a'] }] })
    expect(await one.driver.drop(one.partition)).toBe(false)
  } finally {
    await one.node.command('AUTH', 'default', '')
  }
})
