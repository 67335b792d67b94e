import type { ConnectionOptions } from 'node:tls'
import { show } from './show.js'
import type { StorageUrl } from './storage-url.js'

/**
 * What a program may say beside a URL. A driver ignores settings that have no meaning for its storage, so that only the URL
 * changes between deployments.
 */
export interface UrlSettings {
  /** The beginning of every key: at least one character, without braces. @default 'cairn' */
  readonly keyPrefix?: string
  /** The number of connections (in a Cluster, to each node). @default 1 */
  readonly poolSize?: number
  /** The name of the connections in CLIENT LIST; an empty text gives none. @default 'cairn' */
  readonly clientName?: string
  /** How long connecting may take, in milliseconds. @default 5000 */
  readonly connectTimeoutMs?: number
  /**
   * How long a server may be silent while an answer is due, in milliseconds. It is also the limit of a call that has no limit
   * of its own. @default 5000
   */
  readonly commandTimeoutMs?: number
  /** The number of the database; a Cluster has only 0. @default the number in the path of the URL, else 0 */
  readonly db?: number
  /** The family of the addresses that a host name may resolve to: 4, 6, or 0 for both. @default 0 */
  readonly family?: 0 | 4 | 6
  /** A PEM file with the certificate authority to trust, for the schemes with TLS. @default those of Node */
  readonly tlsCaFile?: string
  /** The ACL user at the Sentinels. @default none */
  readonly sentinelUsername?: string
  /** The password at the Sentinels, or a function that returns it (not in the query). @default none */
  readonly sentinelPassword?: string | (() => string | Promise<string>)
  /** The ACL user. In a URL it stands before the `@`, not in the query. @default none */
  readonly username?: string
  /**
   * The password, or a function that is called for each new connection, for tokens that change. In a URL it stands before the
   * `@`, not in the query. @default none
   */
  readonly password?: string | (() => string | Promise<string>)
  /** Options of `node:tls`, for the schemes with TLS. Not in the query. @default none */
  readonly tls?: ConnectionOptions
}

const NUMBERS: ReadonlySet<string> = new Set([
  ...['db', 'family', 'poolSize', 'connectTimeoutMs', 'commandTimeoutMs'],
])
const TEXTS: ReadonlySet<string> = new Set([
  ...['keyPrefix', 'clientName', 'tlsCaFile', 'sentinelUsername', 'sentinelPassword'],
])

/** Parameters that other programs know, with what to write instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  tls: 'for TLS write rediss:// in front',
  ssl: 'for TLS write rediss:// in front',
  ssl_cert_reqs: 'name the authority with tlsCaFile, or pass { tls: { rejectUnauthorized: false } }',
  password: 'write it before the "@", or pass it as an option',
  username: 'write it before the "@", or pass it as an option',
}

/**
 * Reads the settings in the query of a URL; `client` among them is for `connect`. Numbers are parsed. Throws a `TypeError` for a
 * parameter that does not exist, for one that is also given beside the URL, and for a value that is not a number where one is
 * expected.
 */
export function readUrlSettings(
  { query }: StorageUrl,
  beside: UrlSettings = {},
): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    [...query].map(([name, value]) => {
      if (Object.hasOwn(beside, name)) {
        throw new TypeError(`${name} is given twice, in the url and as an option: keep one`)
      }
      if (TEXTS.has(name) || name === 'client') return [name, value]
      if (!NUMBERS.has(name)) throw unknownParameter(name)
      if (!/^\d{1,15}$/.test(value)) {
        throw new TypeError(`url: ${name} is a whole number, got ${show(value)}`)
      }
      return [name, Number(value)]
    }),
  )
}

function unknownParameter(name: string): TypeError {
  const known = ['client', ...TEXTS, ...NUMBERS].join(', ')
  const hint = Object.hasOwn(ELSEWHERE, name) ? `: ${ELSEWHERE[name]}` : ''
  return new TypeError(`url: no parameter is named ${show(name)}${hint}. There are: ${known}`)
}
