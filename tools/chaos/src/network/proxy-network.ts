import { once } from 'node:events'
import * as net from 'node:net'
import type { LabNode } from '@cairnkit/redis-lab'
import type { Network } from './network.js'

/**
 * A proxy before each server that holds data, for machines without network namespaces. Only writers go through it: the
 * servers see each other whatever is cut.
 */
export async function proxyNetwork(nodes: readonly LabNode[]): Promise<Network> {
  const proxies = new Map(
    await Promise.all(nodes.map(async (node) => [node.name, await Proxy.open(node)] as const)),
  )
  const proxyOf = (node: LabNode): Proxy => {
    const proxy = proxies.get(node.name)
    if (proxy === undefined) throw new TypeError(`No proxy stands before ${node.name}`)
    return proxy
  }
  return {
    kind: 'proxy',
    addressMap: Object.fromEntries(
      nodes.map((node) => [`${node.host}:${node.port}`, { host: '127.0.0.1', port: proxyOf(node).port }]),
    ),
    cut: async (node) => proxyOf(node).cut(),
    mend: async (node) => proxyOf(node).mend(),
    async [Symbol.asyncDispose]() {
      for (const proxy of proxies.values()) proxy.close()
    },
  }
}

interface Pair {
  readonly near: net.Socket
  /** None until the first connection that is not cut. */
  far: net.Socket | undefined
}

class Proxy {
  readonly #server: net.Server
  readonly #node: LabNode
  readonly #pairs = new Set<Pair>()
  #isCut = false

  static async open(node: LabNode): Promise<Proxy> {
    const server = net.createServer()
    server.listen({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    return new Proxy(server, node)
  }

  private constructor(server: net.Server, node: LabNode) {
    this.#server = server
    this.#node = node
    server.on('connection', (near) => this.#accept(near))
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port
  }

  cut(): void {
    this.#isCut = true
    for (const { near, far } of this.#pairs) {
      near.unpipe()
      far?.unpipe()
      near.pause()
      far?.pause()
    }
  }

  mend(): void {
    this.#isCut = false
    for (const pair of this.#pairs) this.#join(pair)
  }

  close(): void {
    this.#server.close()
    for (const { near, far } of this.#pairs) {
      near.destroy()
      far?.destroy()
    }
  }

  #accept(near: net.Socket): void {
    const pair: Pair = { near, far: undefined }
    this.#pairs.add(pair)
    const end = (): void => {
      this.#pairs.delete(pair)
      near.destroy()
      pair.far?.destroy()
    }
    near.setNoDelay(true)
    // What is wrong with one side is told to the other by its end.
    near.on('error', end).on('close', end).pause()
    if (!this.#isCut) this.#join(pair)
  }

  #join(pair: Pair): void {
    const { near } = pair
    if (pair.far === undefined) {
      pair.far = net.connect({ host: this.#node.host, port: this.#node.port }).setNoDelay(true)
      const end = (): void => void near.destroy()
      pair.far.on('error', end).on('close', end)
    }
    near.pipe(pair.far).pipe(near)
  }
}
