import { expect, test } from 'vitest'
import { RedisConnection } from '../src/connection.js'
import { startLab } from '../src/index.js'

test('the user of the TLS lab may do what Cairn does, on its keys, and nothing else', async () => {
  await using lab = await startLab('standalone-tls', { aclKeyPattern: 'mine*' })
  const { username, password, ca } = lab
  const { port } = new URL(lab.url)
  const user = new RedisConnection({ host: 'localhost', port: Number(port), username, password, ca })
  try {
    const count = "return redis.call('ZCARD', KEYS[1])"
    expect(await user.call('ZADD', 'mine:{a}', '0', 'member')).toBe(1)
    expect(await user.call('EVAL', count, '1', 'mine:{a}')).toBe(1)
    await expect(user.call('EVAL', count, '1', 'cairn:{a}')).rejects.toThrow('NOPERM')
    await expect(user.call('ZADD', 'cairn:{a}', '0', 'member')).rejects.toThrow('NOPERM')
    await expect(user.call('EVAL', "return redis.call('GET', KEYS[1])", '1', 'mine:{a}')).rejects.toThrow(
      /can't run this command|ACL/,
    )
    await expect(user.call('KEYS', '*')).rejects.toThrow('NOPERM')
    await expect(user.call('CONFIG', 'GET', '*')).rejects.toThrow('NOPERM')
  } finally {
    user.close()
  }
})

test('the TLS lab turns away strangers: no password, a wrong one, an unknown authority', async () => {
  await using lab = await startLab('standalone-tls')
  const port = Number(new URL(lab.url).port)
  const refused = async (credentials: object): Promise<string> => {
    const connection = new RedisConnection({ host: '127.0.0.1', port, ...credentials })
    try {
      return String(await connection.call('PING').catch((error: unknown) => error))
    } finally {
      connection.close()
    }
  }
  expect(await refused({ ca: lab.ca })).toContain('NOAUTH')
  expect(await refused({ ca: lab.ca, username: lab.username, password: 'wrong' })).toContain('WRONGPASS')
  expect(await refused({ ca: '', username: lab.username, password: lab.password })).toMatch(/certificate/)
  expect(await refused({})).toMatch(/closed|ECONNRESET/)
})
