import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lmdbUrl, runDemo } from './support/program.js'
import { temporaryFolder } from './support/temporary-folder.js'

async function converse(args: readonly string[], ...lines: string[]): Promise<string[]> {
  const { exitCode, stdout, stderr } = await runDemo(['--interactive', ...args], { input: lines.join('\n') })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return stdout.split('\n').slice(4, -1)
}

describe('a conversation', () => {
  it('answers each line, in order, until the input ends', async () => {
    expect(await converse(['memory:'], 'My name is Eve.', '', 'What is my name?', 'Good night!')).toEqual([
      'Agent: Nice to meet you, Eve.',
      'Agent: Your name is Eve.',
      'Agent: That was message 3 of yours in this thread. Tell me your name, or ask me for it.',
    ])
  })

  it('shows the history, forgets the thread, names its commands, and quits', async () => {
    const lines = [
      'My name is Eve.',
      '/history',
      '/forget',
      '/history',
      'What is my name?',
      '/?',
      '/quit',
      'x',
    ]
    const [, header, ...rest] = await converse(['memory:'], ...lines)
    expect(header).toMatch(/^ +checkpoint +step +source +messages$/)
    expect(rest.slice(0, 3).every((row) => /^ +[0-9a-f-]{18} +-?\d +\w+ +\d$/.test(row))).toBe(true)
    expect(rest.slice(3)).toEqual([
      'Forgotten.',
      'Nothing was said in this thread.',
      'Agent: I do not know: you have not told me in this thread.',
      '/history shows the checkpoints, /forget deletes the thread, /quit ends',
    ])
  })

  it('ends with /quit while the input stays open', async () => {
    const options = { input: 'Hello\n/quit\n', keepsInputOpen: true }
    const { exitCode, stdout } = await runDemo(['--interactive', 'memory:'], options)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/Agent: That was message 1 of yours.*\n$/)
  })

  it('goes on with a thread of an earlier process, and with that one only', async () => {
    const url = lmdbUrl(join(await temporaryFolder(), 'memory'))
    await converse([url, '--thread', 'eve'], 'My name is Eve.')
    expect(await converse([url, '--thread', 'eve'], 'What is my name?')).toEqual(['Agent: Your name is Eve.'])
    expect(await converse([url], 'What is my name?')).toEqual([
      'Agent: I do not know: you have not told me in this thread.',
    ])
  })
})
