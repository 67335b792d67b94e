import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { StandaloneSettings } from './connection-plan.js'

/**
 * TLS options for a connection to `host`, with the name that the server is asked for (SNI): proxies and ingresses route by
 * it, and `node:tls` sends none by itself. An address in numbers has no name. What the caller set stands.
 */
export function withServerName(tls: ConnectionOptions, host: string): ConnectionOptions {
  if (tls.servername !== undefined || host === '' || isIP(host) !== 0) return tls
  // The dot at the end of an absolute name is no part of what is sent.
  return { ...tls, servername: host.replace(/\.$/, '') }
}

/** TLS options for one server; `undefined` without TLS. */
export function tlsOf(settings: StandaloneSettings): ConnectionOptions | undefined {
  const { tls } = settings
  return tls === undefined || 'path' in settings ? tls : withServerName(tls, settings.host)
}
