import { nameOptions, numberOption, parseOptions } from '@cairnkit/tool-kit'
import { type FaultKind, faultKinds, faults } from './faults/index.js'
import {
  type ClientName,
  type HealingMode,
  type TopologyName,
  clientNames,
  healingModes,
  topologyNames,
} from './settings.js'

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
  CAIRN_REDIS_SERVER   another server: valkey-9 (npm run lab:servers), or a path
`

export function readArguments(args: readonly string[]): Arguments | 'help' {
  const { values } = parseOptions({
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
  if (values.help === true) return 'help'
  return {
    short: values.short === true,
    topologies: nameOptions('--topology', values.topology, topologyNames) ?? ['sentinel', 'cluster'],
    clients: nameOptions('--client', values.client, clientNames) ?? clientNames,
    minutes: numberOption('--minutes', values.minutes, 5, { least: 0, most: 9999, fractions: true }),
    seed: numberOption('--seed', values.seed, 1, { least: 0 }),
    writers: numberOption('--writers', values.writers, 8, { least: 1, most: 9999 }),
    replicas:
      values.replicas === 'all' ? 'all' : numberOption('--replicas', values.replicas, 1, { least: 0 }),
    healing: nameOptions('--healing', values.healing, healingModes)?.[0],
    faults:
      nameOptions('--faults', values.faults, faultKinds) ??
      faultKinds.filter((kind) => faults[kind].byDefault),
    network: nameOptions('--network', values.network, ['namespaces', 'proxy'] as const)?.[0],
    json: values.json,
  }
}
