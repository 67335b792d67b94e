import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JudgedBudget } from '../results/report.js'
import { type Bound, holds } from './budget.js'

const PACKAGES = fileURLToPath(new URL('../../../../packages', import.meta.url))
const BOUND: Bound = { kind: 'below', value: 400, unit: 'count' }

/** The budgets of DESIGN 7 on the size of sources: lines that are neither blank nor a comment. */
export async function codeSizes(): Promise<JudgedBudget[]> {
  const whole = await Promise.all(['ioredis', 'node-redis', 'memory'].map(judgePackage))
  const files = await linesOf('langgraph')
  const longest = [...files].sort(([, a], [, b]) => b - a)[0] ?? ['none', 0]
  return [
    {
      what: 'lines of a client package, of the memory driver',
      source: 'DESIGN 7',
      limit: 'below 400',
      judged: whole,
    },
    {
      what: 'lines of the longest file of the facade',
      source: 'DESIGN 7',
      limit: 'below 400',
      judged: [verdict(`langgraph/src/${longest[0]}`, longest[1])],
    },
  ]
}

async function judgePackage(name: string): Promise<JudgedBudget['judged'][number]> {
  const lines = [...(await linesOf(name)).values()].reduce((sum, count) => sum + count, 0)
  return verdict(`packages/${name}`, lines)
}

function verdict(of: string, lines: number): JudgedBudget['judged'][number] {
  return { of, measured: String(lines), verdict: holds(BOUND, lines) ? 'met' : 'MISSED' }
}

async function linesOf(name: string): Promise<Map<string, number>> {
  const folder = join(PACKAGES, name, 'src')
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts')).sort()
  const counts = files.map(async (file): Promise<[string, number]> => {
    return [file, countLines(await readFile(join(folder, file), 'utf8'))]
  })
  return new Map(await Promise.all(counts))
}

/** The lines of a source that are neither blank nor nothing but a comment. */
export function countLines(text: string): number {
  let inComment = false
  return text.split('\n').filter((line) => {
    const trimmed = line.trim()
    if (trimmed.startsWith('/*')) inComment = true
    const skipped = inComment || trimmed === '' || trimmed.startsWith('//')
    if (trimmed.endsWith('*/')) inComment = false
    return !skipped
  }).length
}
