import { parseArgs } from 'node:util'
import { type FaultKind, faultKinds, faults } from './faults/index.js'
import {
  type ClientName,
  type HealingMode,
  type TopologyName,
  clientNames,
  healingModes,
  topologyNames,
} from './settings.js'

/** Something is wrong with what was typed, not with what was tried. */
export class UsageError extends Error {}

export interface Arguments {
  /** Each fault once, and then the end. */
  readonly short: boolean
  readonly topologies: readonly TopologyName[]
  readonly clients: readonly ClientName[]
  /** Of faults, for each topology. */
  readonly minutes: number
  readonly seed: number
  /** Threads that are written to at a time, in each process. */
  readonly writers: number
  readonly replicas: number | 'all'
  readonly healing: HealingMode | undefined
  readonly faults: readonly FaultKind[]
  readonly network: 'namespaces' | 'proxy' | undefined
  readonly json: string | undefined
}

export const USAGE: string = `Usage: npm run chaos -- [options]

Breaks real servers under running LangGraph graphs, and proves from a log of what was
acknowledged that nothing of it is lost, there twice, mixed up or half. Exit code 1 if
something that was promised did not hold.

Options
  --short              each fault once: under three minutes in all
  --topology <a,b>     standalone, sentinel, cluster (sentinel,cluster)
  --client <a,b>       ioredis, node-redis (both, side by side under the same faults)
  --minutes <n>        of faults, for each topology (5)
  --seed <n>           of the faults and of the writers (1)
  --writers <n>        threads written to at a time, in each of two processes (8)
  --replicas <n>       how many replicas acknowledge a write, or all (1; standalone: 0)
  --healing <mode>     off, tail or thread (what the saver does by default)
  --faults <a,b>       only these
  --network <kind>     namespaces or proxy: how a server is cut off (namespaces, if they work)
  --json <file>        all figures
  -h, --help           this text

Faults
${faultKinds.map((kind) => `  ${kind.padEnd(21)}${faults[kind].title}${faults[kind].byDefault ? '' : ' (only when named)'}`).join('\n')}

Environment
  CAIRN_REDIS_SERVER   another server program: valkey-server, or a path
`

export function readArguments(args: readonly string[]): Arguments | 'help' {
  const { values } = parse(args)
  if (values.help === true) return 'help'
  return {
    short: values.short === true,
    topologies: names('--topology', values.topology, topologyNames) ?? ['sentinel', 'cluster'],
    clients: names('--client', values.client, clientNames) ?? clientNames,
    minutes: number('--minutes', values.minutes, 5, /^\d{1,4}(\.\d+)?$/),
    seed: number('--seed', values.seed, 1, /^\d{1,9}$/),
    writers: number('--writers', values.writers, 8, /^[1-9]\d{0,3}$/),
    replicas: values.replicas === 'all' ? 'all' : number('--replicas', values.replicas, 1, /^\d$/),
    healing: names('--healing', values.healing, healingModes)?.[0],
    faults:
      names('--faults', values.faults, faultKinds) ?? faultKinds.filter((kind) => faults[kind].byDefault),
    network: names('--network', values.network, ['namespaces', 'proxy'] as const)?.[0],
    json: values.json,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        short: { type: 'boolean' },
        topology: { type: 'string' },
        client: { type: 'string' },
        minutes: { type: 'string' },
        seed: { type: 'string' },
        writers: { type: 'string' },
        replicas: { type: 'string' },
        healing: { type: 'string' },
        faults: { type: 'string' },
        network: { type: 'string' },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

function number(option: string, text: string | undefined, byDefault: number, pattern: RegExp): number {
  if (text === undefined) return byDefault
  if (pattern.test(text)) return Number(text)
  throw new UsageError(`${option} does not take ${JSON.stringify(text)}`)
}

/** In the order of the list, whatever the order that was typed. */
function names<T extends string>(
  option: string,
  text: string | undefined,
  known: readonly T[],
): T[] | undefined {
  if (text === undefined) return undefined
  const wanted = text.split(',').map((name) => name.trim())
  const stranger = wanted.find((name) => !known.some((one) => one === name))
  if (stranger === undefined) return known.filter((name) => wanted.includes(name))
  throw new UsageError(`${option}: there is no ${JSON.stringify(stranger)}. There are: ${known.join(', ')}`)
}
