import { expect } from 'vitest'
import { runDemo } from './program.js'

export const DOES_NOT_KNOW = 'Agent: I do not know: you have not told me in this thread.'
export const KNOWS = 'Agent: Your name is Ada.'

/** What was answered in each of the two processes, in order, and who they were. */
export function readStory(stdout: string): { answers: string[][]; processes: string[]; threads: string[] } {
  const visits = stdout.split(/^== (?:First|Second) visit: process /m).slice(1)
  return {
    answers: visits.map((visit) => visit.match(/^Agent: .*$/gm) ?? []),
    processes: visits.map((visit) => /^\d+/.exec(visit)?.[0] ?? ''),
    threads: [...new Set(stdout.match(/(?<=^\[thread )\S+(?=\]$)/gm))],
  }
}

/** Plays the story on a storage, and fails unless the second process knows what the first was told. */
export async function expectToRemember(url: string): Promise<void> {
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
