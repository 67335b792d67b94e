import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningLab, startLab } from './support/lab.js'
import { lmdbUrl, runDemo } from './support/program.js'
import { temporaryFolder } from './support/temporary-folder.js'

const DOES_NOT_KNOW = 'Agent: I do not know: you have not told me in this thread.'
const KNOWS = 'Agent: Your name is Ada.'

/** What was answered in each of the two processes, in order, and who they were. */
function readStory(stdout: string): { answers: string[][]; processes: string[]; threads: string[] } {
  const visits = stdout.split(/^== (?:First|Second) visit: process /m).slice(1)
  return {
    answers: visits.map((visit) => visit.match(/^Agent: .*$/gm) ?? []),
    processes: visits.map((visit) => /^\d+/.exec(visit)?.[0] ?? ''),
    threads: [...new Set(stdout.match(/(?<=^\[thread )\S+(?=\]$)/gm))],
  }
}

async function expectToRemember(url: string): Promise<void> {
  const { exitCode, stdout, stderr } = await runDemo([url])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  const { answers, processes, threads } = readStory(stdout)
  expect(answers).toEqual([['Agent: Nice to meet you, Ada.', KNOWS, DOES_NOT_KNOW], [KNOWS]])
  expect(new Set(processes).size).toBe(2)
  expect(stdout.indexOf(`Process ${processes[0]} has ended`)).toBeGreaterThan(0)
  expect(stdout.indexOf(`Process ${processes[0]} has ended`)).toBeLessThan(stdout.indexOf('== Second visit'))
  expect(threads).toHaveLength(2)
  expect(historyRows(stdout)).toEqual([
    ['7', 'loop', '6'],
    ['6', 'loop', '5'],
    ['5', 'input', '4'],
    ['4', 'loop', '4'],
    ['3', 'loop', '3'],
    ['2', 'input', '2'],
    ['1', 'loop', '2'],
    ['0', 'loop', '1'],
    ['-1', 'input', '0'],
  ])
}

/** Step, source and number of messages of each line of the table. */
function historyRows(stdout: string): string[][] {
  const rows = [...stdout.matchAll(/^ {2}([0-9a-f-]{18}) {2,}(-?\d+) +(\w+) +(\d+)$/gm)]
  const ids = rows.map(([, id = '']) => id)
  expect(ids.every((id, at) => id < (ids[at - 1] ?? 'g'))).toBe(true)
  return rows.map(([, , ...cells]) => cells)
}

describe('the story', { timeout: 120_000 }, () => {
  it('is remembered in a local folder', async () => {
    const folder = await temporaryFolder()
    await expectToRemember(lmdbUrl(join(folder, 'memory')))
  })

  it('is kept in .cairn/demo when no URL is given, and goes the same way the second time', async () => {
    const cwd = await temporaryFolder()
    const first = await runDemo([], { cwd })
    expect(first).toMatchObject({ exitCode: 0, stderr: '' })
    expect(existsSync(join(cwd, '.cairn', 'demo'))).toBe(true)
    const second = await runDemo([], { cwd })
    expect(readStory(second.stdout).answers).toEqual(readStory(first.stdout).answers)
    expect(readStory(second.stdout).threads).not.toEqual(readStory(first.stdout).threads)
  })

  it('says that nothing survives a restart in process memory', async () => {
    const { exitCode, stdout, stderr } = await runDemo(['memory:'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const { answers, processes } = readStory(stdout)
    expect(answers).toEqual([['Agent: Nice to meet you, Ada.', KNOWS, DOES_NOT_KNOW], [DOES_NOT_KNOW]])
    expect(new Set(processes).size).toBe(2)
    expect(stdout).toContain('nothing can survive the restart')
  })
})

describe.each(['standalone', 'standalone-tls', 'sentinel', 'cluster'])('the story on %s', (topology) => {
  let lab: RunningLab
  beforeAll(async () => {
    lab = await startLab(topology)
  }, 120_000)
  afterAll(async () => await lab[Symbol.asyncDispose]())

  it.concurrent.each(['ioredis', 'node-redis'])(
    'is remembered through %s',
    { timeout: 120_000 },
    async (client) => {
      await expectToRemember(`${lab.url}${lab.url.includes('?') ? '&' : '?'}client=${client}`)
    },
  )
})
