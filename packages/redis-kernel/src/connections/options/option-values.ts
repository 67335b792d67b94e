import type { ConnectionOptions } from 'node:tls'
import { readFileSync } from 'node:fs'
import { assertMs, assertWhole, show } from '@cairnkit/core/driver'
import type { LoginSource } from './connection-plan.js'
import type { AddressFamily, AddressMap, RedisAddress } from './options.js'

// The value is not repeated: it may be a password.
export function textOption(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw new TypeError(`${name}: expected a string, got ${typeof value}`)
}

export function passwordOption(name: string, value: unknown): string | LoginSource | undefined {
  if (value === undefined || typeof value === 'string') return value
  if (typeof value === 'function') return value as LoginSource
  throw new TypeError(`${name}: expected a string, or a function that gives one, got ${typeof value}`)
}

export function msOption(name: string, value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise
  assertMs(name, value)
  return value
}

export function databaseOption(value: unknown): number {
  if (value === undefined) return 0
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new TypeError(`db: expected a whole number from 0, got ${show(value)}`)
}

export function poolSizeOption(value: unknown): number {
  if (value === undefined) return 1
  assertWhole('poolSize', value, 'connections')
  return value
}

export function familyOption(value: unknown): AddressFamily {
  if (value === undefined) return 0
  if (value === 0 || value === 4 || value === 6) return value
  throw new TypeError(`family: expected 4, 6, or 0 for both, got ${show(value)}`)
}

/** The server refuses a name with other characters. */
export function clientNameOption(value: unknown): string | undefined {
  const name = textOption('clientName', value)
  if (name === undefined || /^[!-~]*$/.test(name)) return name
  throw new TypeError(`clientName: expected printable ASCII without spaces, got ${show(name)}`)
}

export function tlsOption(name: string, value: unknown): ConnectionOptions | undefined {
  if (value === undefined || value === false) return undefined
  if (value === true) return {}
  if (typeof value === 'object' && value !== null) return { ...value }
  throw new TypeError(`${name}: expected true or options of node:tls, got ${typeof value}`)
}

/** `tls` with the authority that a file holds. */
export function withAuthority(
  tls: ConnectionOptions | undefined,
  file: unknown,
): ConnectionOptions | undefined {
  const path = textOption('tlsCaFile', file)
  if (path === undefined) return tls
  if (tls === undefined) throw new TypeError('tlsCaFile without TLS: use rediss://, or pass tls: true')
  try {
    return { ...tls, ca: readFileSync(path) }
  } catch (cause) {
    throw new TypeError(`tlsCaFile: cannot read ${show(path)}`, { cause })
  }
}

export function addressOption(where: string, value: unknown): RedisAddress {
  const { host, port } = (value ?? {}) as Partial<Record<'host' | 'port', unknown>>
  const sound = typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536
  if (typeof host !== 'string' || host === '' || !sound) {
    throw new TypeError(`${where}: expected { host: string, port: 1 to 65535 }`)
  }
  return { host, port }
}

export function addressMapOption(where: string, value: unknown): AddressMap | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`${where}: expected an object from "host:port" to { host, port }, got ${show(value)}`)
  }
  const mapped = Object.entries(value as Record<string, unknown>).map(
    ([from, to]) => [from, addressOption(`${where}[${JSON.stringify(from)}]`, to)] as const,
  )
  return mapped.length === 0 ? undefined : Object.fromEntries(mapped)
}
