import type { LocalServer } from './servers.js'

interface Address {
  readonly host: string
  readonly port: number
}

/** What can stand before a server. */
interface Network {
  before(target: Address): Promise<LocalServer>
}

interface Proxied extends AsyncDisposable {
  readonly nodes: readonly Address[]
  readonly addressMap: Readonly<Record<string, Address>>
}

/** Has a network stand before each of these servers. */
export async function proxied(network: Network, nodes: readonly Address[]): Promise<Proxied> {
  const proxies: LocalServer[] = []
  const addressMap: Record<string, Address> = {}
  for (const node of nodes) {
    const proxy = await network.before(node)
    proxies.push(proxy)
    addressMap[`${node.host}:${node.port}`] = { host: proxy.host, port: proxy.port }
  }
  return {
    nodes: proxies.map(({ host, port }) => ({ host, port })),
    addressMap,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(proxies.map((proxy) => proxy[Symbol.asyncDispose]()))
    },
  }
}
