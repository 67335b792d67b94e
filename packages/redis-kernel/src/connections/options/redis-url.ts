/** What a `redis://` or `rediss://` URL says. */
export interface ParsedRedisUrl {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly username?: string
  readonly password?: string
  readonly db?: number
}

const SHAPE =
  /^([a-z][a-z0-9+.-]*):\/\/(?:(.*)@)?(\[[0-9a-f:.]+\]|[^:/?#@[\]]*)(?::(\d+))?(\/[^?#]*)?([?#].*)?$/i

/** Throws a `TypeError` that says what is expected, and never repeats the credentials. */
export function parseRedisUrl(url: string): ParsedRedisUrl {
  const [, scheme = '', credentials, host = '', port, path = '', rest] = SHAPE.exec(url) ?? []
  if (scheme !== 'redis' && scheme !== 'rediss') {
    throw wrong(url, scheme.includes('+') ? 'For Sentinel and Cluster pass { sentinel } or { cluster }.' : '')
  }
  if (rest !== undefined) throw wrong(url, 'Settings after "?" belong into the options.')
  const db = path.slice(1)
  if (!/^\d*$/.test(db)) throw wrong(url, 'The path is the number of a database.')
  const portNumber = port === undefined ? 6379 : Number(port)
  if (portNumber < 1 || portNumber > 65_535) throw wrong(url, 'A port is 1 to 65535.')
  return {
    host: host === '' ? 'localhost' : host.replace(/^\[|\]$/g, ''),
    port: portNumber,
    tls: scheme === 'rediss',
    ...parseCredentials(credentials),
    ...(db === '' ? {} : { db: Number(db) }),
  }
}

function parseCredentials(text: string | undefined): { username?: string; password?: string } {
  if (text === undefined) return {}
  const colon = text.indexOf(':')
  const username = decode(colon === -1 ? text : text.slice(0, colon))
  const password = colon === -1 ? '' : decode(text.slice(colon + 1))
  return { ...(username === '' ? {} : { username }), ...(password === '' ? {} : { password }) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // The text is a secret: the error of decodeURIComponent would be harmless, a message made here would not.
    throw new TypeError(
      'url: the user name or the password holds a "%" that is no percent-encoding; write it as %25',
    )
  }
}

function wrong(url: string, hint: string): TypeError {
  const expected = 'redis://[user:password@]host[:port][/database], or rediss:// for TLS'
  return new TypeError(`url: expected ${expected}, got ${JSON.stringify(redactUrl(url))}. ${hint}`.trimEnd())
}

/** The URL without what may be secret: everything before the last `@`, and the query, also if its "?" was forgotten. */
export function redactUrl(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1***@').replace(/[?#&].*$/s, '')
}
