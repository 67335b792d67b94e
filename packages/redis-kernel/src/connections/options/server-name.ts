import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { StandaloneSettings } from './connection-plan.js'

/**
 * Adds the server name (SNI) to the TLS options for a connection to `host`. Proxies and ingresses route by it, and `node:tls`
 * sends none by itself. A numeric address has no name. A name that the caller set stays.
 */
export function withServerName(tls: ConnectionOptions, host: string): ConnectionOptions {
  if (tls.servername !== undefined || host === '' || isIP(host) !== 0) return tls
  // The dot at the end of an absolute name is no part of what is sent.
  return { ...tls, servername: host.replace(/\.$/, '') }
}

/** Returns the TLS options for one server; `undefined` without TLS. */
export function tlsOf(settings: StandaloneSettings): ConnectionOptions | undefined {
  const { tls } = settings
  return tls === undefined || 'path' in settings ? tls : withServerName(tls, settings.host)
}
