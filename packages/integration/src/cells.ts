import type { TopologyKind } from '@cairnkit/redis-lab'
import { managedServices } from './managed-services.js'

export type ClientName = 'ioredis' | 'node-redis'

/** Where a cell keeps its data. */
export type CellStorage =
  | { readonly kind: 'memory' }
  | { readonly kind: 'lmdb' }
  | {
      readonly kind: 'redis'
      readonly client: ClientName
      readonly topology: TopologyKind
      readonly major: 'current' | 'older'
      /** The managed service whose published commands the drivers may use. @default all commands */
      readonly service?: string
    }

/** One column of the matrix: a driver on a deployment, and the suites that run there. */
export interface Cell {
  readonly name: string
  readonly storage: CellStorage
  /** `all`: the files in `test`. Outside the matrix: `driver` is that suite alone, `contracts` with that of checkpointers. */
  readonly suites: 'all' | 'driver' | 'contracts'
}

const clients: readonly ClientName[] = ['ioredis', 'node-redis']
const topologies: readonly TopologyKind[] = ['standalone', 'standalone-tls', 'sentinel', 'cluster']

/** Every driver on every deployment. Each runs every suite, but for those of `left-out.ts` in the usual run. */
export const matrix: readonly Cell[] = [
  { name: 'memory | process', storage: { kind: 'memory' }, suites: 'all' },
  { name: 'lmdb | directory', storage: { kind: 'lmdb' }, suites: 'all' },
  ...clients.flatMap((client) =>
    topologies.map((topology): Cell => ({
      name: `${client} | ${topology}`,
      storage: { kind: 'redis', client, topology, major: 'current' },
      suites: 'all',
    })),
  ),
]

/** The cells of a quick run: what needs no server, and one server through one client. */
export const quickCells: readonly Cell[] = matrix.filter(({ name }) =>
  ['memory | process', 'lmdb | directory', 'ioredis | standalone'].includes(name),
)

/** The older supported major of each client, on one deployment. */
export const olderMajors: readonly Cell[] = clients.map((client) => ({
  name: `${client} 5 | standalone`,
  storage: { kind: 'redis', client, topology: 'standalone', major: 'older' },
  suites: 'driver',
}))

/** What a managed service publishes about commands, on servers that allow no others. Only for a run that asks for them. */
const services: readonly Cell[] = managedServices
  .filter(({ outcome }) => outcome === 'works')
  .flatMap(({ name, topologies: ways }) =>
    ways.flatMap((topology) =>
      clients.map((client): Cell => ({
        name: `${name} | ${client} | ${topology}`,
        storage: { kind: 'redis', client, topology, major: 'current', service: name },
        suites: 'contracts',
      })),
    ),
  )

const prefixes: Readonly<Record<Cell['suites'], string>> = {
  all: 'cell: ',
  driver: 'older client: ',
  contracts: 'service: ',
}

export function projectOf(cell: Cell): string {
  return `${prefixes[cell.suites]}${cell.name}`
}

export function cellOfProject(project: string): Cell {
  const cell = [...matrix, ...olderMajors, ...services].find((candidate) => projectOf(candidate) === project)
  if (cell === undefined) throw new Error(`No cell is called ${JSON.stringify(project)}`)
  return cell
}

/**
 * The cells whose name contains `wanted`, all of them when it is not given. Those of services only if it begins with
 * `service: `. Throws if there is none: a typing mistake must not end in a run without tests.
 */
export function selectCells(wanted = ''): readonly Cell[] {
  const isOfServices = wanted.startsWith(prefixes.contracts)
  const all = isOfServices ? services : [...matrix, ...olderMajors]
  const text = isOfServices ? wanted.slice(prefixes.contracts.length) : wanted
  const selected = all.filter((cell) => cell.name.includes(text))
  if (selected.length > 0) return selected
  throw new Error(
    `CAIRN_CELL is ${JSON.stringify(wanted)}, and no cell's name contains that. Cells: ${all.map((cell) => cell.name).join(', ')}`,
  )
}
