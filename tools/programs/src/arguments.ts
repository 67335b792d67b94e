import { nameOptions, numberOption, parseOptions } from '@cairnkit/tool-kit'
import { type CellName, cellNames } from './run/cells.js'

export interface Arguments {
  readonly cells: readonly CellName[]
  /** Programs in each cell. */
  readonly count: number
  /** Of the first program; each next one has the next seed. */
  readonly seed: number
  readonly json: string | undefined
}

const COUNT = 1000
const SHORT_COUNT = 60

export const USAGE: string = `Usage: npm run programs -- [options]

Makes LangGraph programs from a seed and runs each step by step on CairnSaver and on
LangGraph's MemorySaver. Every step must give the same, but for what is known to differ.
Exit code 1 if something differs that is not known.

Options
  --count <n>          programs in each cell (${COUNT})
  --short              ${SHORT_COUNT} of them, on memory unless --cell says otherwise
  --cell <a,b>         where they run, or all (memory | process)
  --seed <n>           of the first program; the next one has the next seed (by chance)
  --json <file>        all figures
  -h, --help           this text

Cells
${cellNames.map((name) => `  ${name}`).join('\n')}

Environment
  CAIRN_REDIS_SERVER   another server program: valkey-server, or a path
`

export function readArguments(args: readonly string[]): Arguments | 'help' {
  const { values } = parseOptions({
    args: [...args],
    options: {
      count: { type: 'string' },
      short: { type: 'boolean' },
      cell: { type: 'string' },
      seed: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) return 'help'
  const count = values.short === true ? SHORT_COUNT : COUNT
  return {
    cells:
      values.cell === 'all' ? cellNames : (nameOptions('--cell', values.cell, cellNames) ?? [cellNames[0]]),
    count: numberOption('--count', values.count, count, { least: 1 }),
    seed: numberOption('--seed', values.seed, Math.floor(Math.random() * 2 ** 31), {
      least: 0,
      most: 2 ** 31,
    }),
    json: values.json,
  }
}
