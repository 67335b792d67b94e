import type { Network } from './network.js'

/** The network of a lab whose servers have namespaces of their own. */
export function namespaceNetwork(): Network {
  return {
    kind: 'namespaces',
    addressMap: undefined,
    cut: (node) => node.cut(),
    mend: (node) => node.mend(),
    async [Symbol.asyncDispose]() {},
  }
}
