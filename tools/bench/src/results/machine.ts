import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  /** How many processes wanted a core in the minute before the run, by `os.loadavg()`. */
  readonly loadBefore: number
  /** Servers and packages, with their versions. */
  readonly software: readonly string[]
}

const PACKAGES = ['@langchain/langgraph', '@langchain/langgraph-checkpoint', 'ioredis', '@redis/client']

export function describeMachine(servers: readonly string[], loadBefore: number): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    loadBefore,
    software: [...servers, ...PACKAGES.map(versionOf)],
  }
}

/** One line that names the machine. */
export function machineLine({ cpu, cores, memoryGiB, system, node, software }: Machine): string {
  return [`${cores} x ${cpu}`, `${memoryGiB} GiB`, system, `Node ${node}`, ...software].join(', ')
}

/** A warning when others used the machine as the run began; undefined when it was quiet enough to trust its figures. */
export function busyLine({ cores, loadBefore }: Machine): string | undefined {
  if (loadBefore <= cores / 4) return undefined
  return `The machine was busy: load ${loadBefore.toFixed(1)} on ${cores} cores before the run. Counts and sizes hold; trust no time.`
}

function versionOf(name: string): string {
  const [main] = createRequire(import.meta.url)
    .resolve(name)
    .split(`/node_modules/${name}/`)
  const manifest = JSON.parse(readFileSync(`${main}/node_modules/${name}/package.json`, 'utf8')) as {
    readonly version: string
  }
  return `${name} ${manifest.version}`
}
