import type { RedisTransport } from '../redis-transport.js'
import type { ClientPackage } from './client-package.js'
import type { ClientHandle } from './clients/client-handle.js'
import { stallTimeoutMs } from './clients/connecting.js'
import { type AnyClient, GivenClient } from './clients/given-client.js'
import { OwnClient, type OwnClientKind } from './clients/own-client.js'
import type { LoginOrigin } from './failures/connection-log.js'
import type { ConnectionPlan } from './options/connection-plan.js'
import { PooledTransport } from './pooled-transport.js'
import { sentinelClient } from './sentinel/sentinel-client.js'

/** Makes the transport of a plan, over clients of one library. */
export function createTransport<Client extends AnyClient>(
  library: ClientPackage<Client>,
  plan: ConnectionPlan<Client>,
): RedisTransport {
  const client = clientMaker(library, plan)
  const more = Array.from({ length: plan.poolSize - 1 }, client)
  return new PooledTransport(library.name, [client(), ...more], (cause) => library.classify(cause))
}

/** Makes the clients of a pool. They are of one kind, and share what lies in it: one tracker of the Sentinels. */
function clientMaker<Client extends AnyClient>(
  library: ClientPackage<Client>,
  plan: ConnectionPlan<Client>,
): () => ClientHandle {
  const own =
    <T>(kind: OwnClientKind<T>): (() => ClientHandle) =>
    () =>
      new OwnClient(kind, stallTimeoutMs(plan), loginOf(plan), library.trafficOf)
  switch (plan.kind) {
    case 'standalone':
      return own(library.standalone(plan.settings))
    case 'sentinel':
      return own(sentinelClient(plan.settings, (settings) => library.standalone(settings)))
    case 'cluster':
      return own(library.cluster(plan.settings))
    case 'given': {
      const kind = library.given(plan.client)
      return () => new GivenClient(kind, plan.client, stallTimeoutMs(plan), library.trafficOf)
    }
  }
}

function loginOf(plan: ConnectionPlan<unknown>): LoginOrigin {
  if (plan.kind === 'given') return 'fixed'
  const { credentials } = plan.settings
  const all = plan.kind === 'sentinel' ? [credentials, plan.settings.sentinelCredentials] : [credentials]
  return all.some(({ password }) => typeof password === 'function') ? 'asked' : 'fixed'
}
