import type { RedisTransport } from '../redis-transport.js'
import type { ClientPackage } from './client-package.js'
import type { ClientHandle } from './clients/client-handle.js'
import { stallTimeoutMs } from './clients/connecting.js'
import { type AnyClient, GivenClient } from './clients/given-client.js'
import { OwnClient, type OwnClientKind } from './clients/own-client.js'
import type { ConnectionPlan } from './options/options.js'
import { PooledTransport } from './pooled-transport.js'
import { sentinelClient } from './sentinel/sentinel-client.js'

/** The transport that the settings of a plan ask for, over clients of one library. */
export function createTransport<Client extends AnyClient>(
  library: ClientPackage<Client>,
  plan: ConnectionPlan<Client>,
): RedisTransport {
  const own = <T>(kind: OwnClientKind<T>): ClientHandle => new OwnClient(kind, stallTimeoutMs(plan))
  const client = (): ClientHandle => {
    switch (plan.kind) {
      case 'standalone':
        return own(library.standalone(plan.settings))
      case 'sentinel':
        return own(sentinelClient(plan.settings, (settings) => library.standalone(settings)))
      case 'cluster':
        return own(library.cluster(plan.settings))
      case 'given':
        return new GivenClient(library.given(plan.client), plan.client, stallTimeoutMs(plan))
    }
  }
  const more = Array.from({ length: plan.poolSize - 1 }, client)
  return new PooledTransport(library.name, [client(), ...more], (cause) => library.classify(cause))
}
