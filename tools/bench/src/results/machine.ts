import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  /** Servers and packages, with their versions. */
  readonly software: readonly string[]
}

const PACKAGES = ['@langchain/langgraph', '@langchain/langgraph-checkpoint', 'ioredis', 'redis']

export function describeMachine(servers: readonly string[]): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    software: [...servers, ...PACKAGES.map(versionOf)],
  }
}

/** One line that names the machine. */
export function machineLine({ cpu, cores, memoryGiB, system, node, software }: Machine): string {
  return [`${cores} x ${cpu}`, `${memoryGiB} GiB`, system, `Node ${node}`, ...software].join(', ')
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
