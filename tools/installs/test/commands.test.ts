import { describe, expect, it } from 'vitest'
import { userEnvironment } from '../src/commands/environment.js'
import { runCommand } from '../src/commands/run-command.js'
import { freePort, startServer } from '../src/commands/start-server.js'

const options = { cwd: process.cwd(), env: process.env }
const node = (code: string): string[] => [process.execPath, '-e', code]

describe('a command', () => {
  it('resolves to what it prints', async () => {
    expect(await runCommand(node('console.error(1); console.log(2)'), options)).toBe('2\n')
  })

  it('rejects with the end of what it said', async () => {
    const code = 'for (let at = 0; at < 50; at++) console.error(`line ${at}.`); process.exitCode = 3'
    const message = await runCommand(node(code), options).then(String, String)
    expect(message).toContain('ended with exit code 3')
    expect(message).toContain('line 49.')
    expect(message).not.toContain('line 20.')
  })

  it('is ended when it takes too long', async () => {
    const forever = runCommand(node('setInterval(() => {}, 1000)'), { ...options, timeoutMs: 500 })
    await expect(forever).rejects.toThrow('was ended after 0.5 s')
  })

  it('does not see what npm sets for its scripts', () => {
    process.env['npm_config_of_this_test'] = '1'
    const env = userEnvironment({ MORE: '2' })
    delete process.env['npm_config_of_this_test']
    expect(env).toMatchObject({ PATH: process.env['PATH'], MORE: '2' })
    expect(Object.keys(env).filter((name) => /^npm_|^CI$/i.test(name))).toEqual([])
  })
})

describe('a server', () => {
  const serve =
    "require('node:http').createServer((_, response) => response.end('yes')).listen(process.argv[1])"

  it('answers when it has started, and ends with what it started', async () => {
    const port = await freePort()
    const probe = `http://127.0.0.1:${port}`
    // A launcher that does not pass signals on, as those of package managers.
    const launcher = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(serve)}, process.argv[1]], { stdio: 'inherit' })`
    const server = await startServer([...node(launcher), String(port)], { ...options, probe })
    expect(await (await fetch(probe)).text()).toBe('yes')
    await server[Symbol.asyncDispose]()
    await expect(fetch(probe)).rejects.toThrow('fetch failed')
  })

  it('that ends at once says why', async () => {
    const probe = `http://127.0.0.1:${await freePort()}`
    const broken = startServer(node("console.error('no such module'); process.exitCode = 1"), {
      ...options,
      probe,
    })
    await expect(broken).rejects.toThrow(/ended before it served\nno such module/)
  })
})
