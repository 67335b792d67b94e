import { nameOptions, numberOption, parseOptions } from '@cairnkit/tool-kit'
import type { MeasuredCode } from './run/plan.js'
import { tasks } from './run/tasks.js'
import { contenders } from './savers/index.js'

export interface Arguments {
  readonly quick: boolean
  readonly rounds: number
  readonly seed: number
  readonly only: readonly string[]
  /** `undefined` when none were named. */
  readonly savers: readonly string[] | undefined
  readonly code: MeasuredCode
  readonly json: string
  readonly html: string
}

export const USAGE: string = `Usage: npm run bench -- [options]

Measures LangGraph savers side by side, each in a process of its own, their rounds
interleaved, and judges Cairn's budgets. Starts the servers it needs; they end with it.

Options
  --quick              one round, shorter workloads, and of the savers those that budgets
                       are about unless --savers names others: under two minutes
  --only <a,b>         only these workloads
  --savers <a,b>       only these savers
  --rounds <n>         timed rounds per saver (3; quick: 1)
  --seed <n>           of the texts (1)
  --source             measures the sources as they lie here, not the packages built of them
  --json <file>        all figures (.cairn/bench/results.json)
  --html <file>        plots, to open in a browser (.cairn/bench/index.html)
  -h, --help           this text

Workloads
${list(tasks)}

Savers
${list(contenders)}

Environment
  CAIRN_REDIS_SERVER   another server: valkey-9 (npm run lab:servers), or a path

The first run that measures other savers than Cairn's installs them into
tools/bench/peers/node_modules and compiles SQLite.
`

export function readArguments(args: readonly string[]): Arguments | 'help' {
  const { values } = parseOptions({
    args: [...args],
    options: {
      quick: { type: 'boolean' },
      only: { type: 'string' },
      savers: { type: 'string' },
      rounds: { type: 'string' },
      seed: { type: 'string' },
      source: { type: 'boolean' },
      json: { type: 'string' },
      html: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) return 'help'
  const quick = values.quick === true
  const everything = tasks.map(({ id }) => id)
  const everyone = contenders.map(({ id }) => id)
  return {
    quick,
    rounds: numberOption('--rounds', values.rounds, quick ? 1 : 3, { least: 1 }),
    seed: numberOption('--seed', values.seed, 1, { least: 0 }),
    only: nameOptions('--only', values.only, everything) ?? everything,
    savers: nameOptions('--savers', values.savers, everyone),
    code: values.source === true ? 'source' : 'built',
    json: values.json ?? '.cairn/bench/results.json',
    html: values.html ?? '.cairn/bench/index.html',
  }
}

function list(items: readonly { readonly id: string; readonly title: string }[]): string {
  return items.map(({ id, title }) => `  ${id.padEnd(27)}${title}`).join('\n')
}
