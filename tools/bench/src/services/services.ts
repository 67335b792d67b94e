import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Lab, startLab } from '@cairnkit/redis-lab'
import { RedisServer } from '../run/redis-server.js'
import type { Contender, Need, Places, RedisPlace } from '../savers/contender.js'
import { installPeers } from './install-peers.js'
import { PostgresServer } from './postgres-server.js'

const OTHER_KEYS = 1_000_000

/** What the contenders run on. What could not be had is a reason, and the rows that need it say so. */
export class Services implements AsyncDisposable {
  readonly servers: Map<RedisPlace, RedisServer> = new Map()
  /** Versions of what was started. */
  readonly versions: string[] = []
  readonly #missing = new Map<Need, string>()
  readonly #labs: Lab[] = []
  readonly #say: (message: string) => void
  #postgres: PostgresServer | undefined
  #directory = ''
  /** Also when the process exits before its end; the servers see to that themselves. */
  readonly #removeDirectory = (): void => {
    if (this.#directory !== '') rmSync(this.#directory, { recursive: true, force: true })
  }

  private constructor(say: (message: string) => void) {
    this.#say = say
  }

  static async start(needs: ReadonlySet<Need>, say: (message: string) => void): Promise<Services> {
    const services = new Services(say)
    try {
      services.#directory = await mkdtemp(join(tmpdir(), 'cairn-bench-'))
      process.once('exit', services.#removeDirectory)
      if (needs.has('peers'))
        await services.#attempt(
          'peers',
          async () => await installPeers(say),
          'the other savers could not be installed',
        )
      if (needs.has('redis')) await services.#startRedis('redis', 'standalone')
      if (needs.has('cluster')) await services.#startRedis('cluster', 'cluster')
      if (needs.has('crowd')) await services.#startCrowd()
      if (needs.has('modules')) await services.#findModules()
      if (needs.has('postgres')) {
        await services.#attempt('postgres', async () => {
          services.#postgres = await PostgresServer.start(say)
          services.versions.push(services.#postgres.version)
        })
      }
      return services
    } catch (error) {
      await services[Symbol.asyncDispose]()
      throw error
    }
  }

  get places(): Places {
    return {
      redisUrl: this.servers.get('redis')?.url,
      clusterUrl: this.servers.get('cluster')?.url,
      crowdUrl: this.servers.get('crowd')?.url,
      postgresUrl: this.#postgres?.url,
      directory: this.#directory,
    }
  }

  /** Why a contender cannot run here; undefined when it can. */
  whyMissing(contender: Contender): string | undefined {
    return contender.needs.map((need) => this.#missing.get(need)).find((reason) => reason !== undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#labs.map(async (lab) => await lab.stop()))
    await this.#postgres?.stop()
    this.#removeDirectory()
    process.off('exit', this.#removeDirectory)
  }

  async #startCrowd(): Promise<void> {
    await this.#startRedis('crowd', 'standalone')
    await this.#attempt('crowd', async () => await this.servers.get('crowd')?.fill(OTHER_KEYS))
  }

  async #startRedis(need: RedisPlace, topology: 'standalone' | 'cluster'): Promise<void> {
    await this.#attempt(need, async () => {
      const lab = await startLab(topology)
      this.#labs.push(lab)
      const server = new RedisServer(lab)
      this.servers.set(need, server)
      if (need === 'redis') this.versions.push(await server.version())
    })
  }

  async #findModules(): Promise<void> {
    await this.#attempt('modules', async () => {
      const server = this.servers.get('redis')
      if (server !== undefined && !(await server.hasModules())) {
        throw new Error(
          'the Redis server has no RedisJSON and RediSearch, without which this saver does not start',
        )
      }
    })
  }

  async #attempt(need: Need, work: () => Promise<void>, failure?: string): Promise<void> {
    try {
      await work()
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const reason = failure === undefined ? message : `${failure}: ${message}`
      this.#missing.set(need, reason)
      this.#say(reason)
    }
  }
}
