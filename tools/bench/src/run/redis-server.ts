import type { Lab, LabNode } from '@cairnkit/redis-lab'
import { Monitor } from './monitor.js'
import { Pinger } from './pinger.js'

const KEYS_PER_SCRIPT = 50_000
const FILL = `for at = tonumber(ARGV[1]), tonumber(ARGV[2]) do redis.call('SET', 'other:' .. at, 'value ' .. at) end`

/** How long a server was kept from serving others, in milliseconds. */
export interface Hold {
  /** By the longest command in its log. */
  readonly commandMs: number
  /** By the longest PING of another client. */
  readonly pingMs: number
}

/** A Redis deployment of the bench, asked about itself while no clock runs. */
export class RedisServer {
  readonly #lab: Lab
  /** Whether keys of others are on it; they stay, and what all keys take says nothing of a saver. */
  #crowded = false

  constructor(lab: Lab) {
    this.#lab = lab
  }

  get url(): string {
    return this.#lab.url
  }

  /** Removes every key, unless there are keys of others. */
  async clear(): Promise<void> {
    if (this.#crowded) return
    await this.#each(async (node) => await node.command('FLUSHALL', 'SYNC'))
  }

  async version(): Promise<string> {
    const info = String(await this.#lab.nodes[0].command('INFO', 'server'))
    const valkey = field(info, 'valkey_version')
    return valkey === undefined ? `Redis ${field(info, 'redis_version') ?? '?'}` : `Valkey ${valkey}`
  }

  /** Whether it has the modules that the official saver needs. */
  async hasModules(): Promise<boolean> {
    const found = await this.#lab.nodes[0].command('COMMAND', 'INFO', 'JSON.SET', 'FT.CREATE')
    return Array.isArray(found) && found.every(Array.isArray)
  }

  /** What all keys take, by MEMORY USAGE of the whole of each; `undefined` where keys of others are among them. */
  async storedBytes(): Promise<number | undefined> {
    if (this.#crowded) return undefined
    const sums = await this.#each(async (node) => {
      let sum = 0
      let cursor = '0'
      do {
        const [next, keys] = (await node.command('SCAN', cursor, 'COUNT', '1000')) as [string, string[]]
        const sizes = await Promise.all(
          keys.map(async (key) => await node.command('MEMORY', 'USAGE', key, 'SAMPLES', '0')),
        )
        sum += sizes.reduce((total: number, size) => total + Number(size), 0)
        cursor = next
      } while (cursor !== '0')
      return sum
    })
    return sums.reduce((total, sum) => total + sum, 0)
  }

  async usedMemory(): Promise<number> {
    const used = await this.#each(async (node) =>
      Number(field(String(await node.command('INFO', 'memory')), 'used_memory')),
    )
    return used.reduce((total, each) => total + each, 0)
  }

  /** Adds keys that belong to nobody's thread. */
  async fill(count: number): Promise<void> {
    this.#crowded = true
    const [node] = this.#lab.nodes
    for (let from = 0; from < count; from += KEYS_PER_SCRIPT) {
      const to = Math.min(count, from + KEYS_PER_SCRIPT) - 1
      await node.command('EVAL', FILL, '0', String(from), String(to))
    }
  }

  /** How many commands clients sent while `work` ran. */
  async commandsDuring(work: () => Promise<unknown>): Promise<number> {
    const nodes = await this.#lab.primaries()
    const monitors = await Promise.all(
      nodes.map(async (node) => ({ node, monitor: await Monitor.open(node) })),
    )
    try {
      await work()
      let sum = 0
      for (const { node, monitor } of monitors) {
        for (const count of (await monitor.counts(node)).values()) sum += count
      }
      return sum
    } finally {
      for (const { monitor } of monitors) monitor.close()
    }
  }

  /** The time that the servers spent on what clients sent while `work` ran, in microseconds; connecting left out. */
  async serverTimeDuring(work: () => Promise<unknown>): Promise<number> {
    return (await this.#timesDuring(work)).reduce((sum, microseconds) => sum + microseconds, 0)
  }

  /** The longest that one of the servers was kept from serving others while `work` ran. */
  async holdDuring(work: () => Promise<unknown>): Promise<Hold> {
    const pingers = await this.#each(async (node) => await Pinger.open(node))
    try {
      const commands = await this.#timesDuring(work)
      return {
        commandMs: Math.max(0, ...commands) / 1000,
        pingMs: Math.max(...pingers.map(({ longestMs }) => longestMs)),
      }
    } finally {
      for (const pinger of pingers) pinger.close()
    }
  }

  /** What each command of a client took while `work` ran, in microseconds; connecting left out. */
  async #timesDuring(work: () => Promise<unknown>): Promise<readonly number[]> {
    await this.#each(async (node) => {
      await node.command('CONFIG', 'SET', 'slowlog-max-len', '100000')
      await node.command('CONFIG', 'SET', 'slowlog-log-slower-than', '0')
      await node.command('SLOWLOG', 'RESET')
    })
    try {
      await work()
      const logs = await this.#each(
        async (node) => (await node.command('SLOWLOG', 'GET', '-1')) as SlowlogEntry[],
      )
      return logs.flat().flatMap((entry) => (isWork(entry) ? [entry[2]] : []))
    } finally {
      await this.#each(async (node) => await node.command('CONFIG', 'SET', 'slowlog-log-slower-than', '-1'))
    }
  }

  async #each<T>(ask: (node: LabNode) => Promise<T>): Promise<T[]> {
    return await Promise.all((await this.#lab.primaries()).map(ask))
  }
}

type SlowlogEntry = [id: number, at: number, microseconds: number, args: string[], client: string]

const CONNECTING = new Set([
  'hello',
  'client',
  'info',
  'ping',
  'select',
  'cluster',
  'command',
  'readonly',
  'quit',
])
const ASKING = new Set(['slowlog', 'config'])

/** What a script does is in the log as well, from no client: it is part of the script's own time. */
function isWork([, , , [name = ''], client]: SlowlogEntry): boolean {
  const command = name.toLowerCase()
  return client !== '?:0' && !CONNECTING.has(command) && !ASKING.has(command)
}

function field(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1]
}
