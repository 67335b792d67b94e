/** A parsed URL with one host, several, or none. (The built-in `URL` accepts only one.) */
export interface StorageUrl {
  /** The scheme in lower case. */
  readonly scheme: string
  /** The part before the `@`; `undefined` if there is none. */
  readonly credentials: { readonly username?: string; readonly password?: string } | undefined
  /** `undefined` if there is no `//`. */
  readonly hosts: readonly string[] | undefined
  /** The path with its leading slash. */
  readonly path: string
  readonly query: ReadonlyMap<string, string>
}

const SHAPE = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(#.*)?$/is

/**
 * Parses the URL of a storage and decodes its percent-encoding. White space around the URL is ignored. Throws a `TypeError`
 * that repeats nothing of the URL, because a password may be anywhere in it.
 */
export function parseStorageUrl(text: unknown): StorageUrl {
  if (typeof text !== 'string') throw new TypeError(`url: expected a string, got ${typeof text}`)
  const url = text.trim()
  if (url === '') throw new TypeError('url: it is empty; for a first try, memory: is one')
  if (/^["'`]/.test(url)) throw new TypeError('url: it stands in quotation marks: take them away')
  if (/[\r\n\t]/.test(url)) throw new TypeError('url: there is a line break or a tab in it')
  const [matched, scheme = '', authority, path = '', query = '', fragment] = SHAPE.exec(url) ?? []
  if (matched === undefined) {
    throw new TypeError(
      'url: expected a URL such as memory: or redis://localhost, and it begins with no scheme: for a server, write redis:// in front',
    )
  }
  if (fragment !== undefined) throw new TypeError('url: there is a "#" in it; in a password, write it as %23')
  const at = authority?.lastIndexOf('@') ?? -1
  if (at === -1 && authority !== undefined && authority !== '' && path.includes('@')) {
    throw new TypeError('url: there is a "/" before the "@"; in a password, write it as %2F')
  }
  return {
    scheme: scheme.toLowerCase(),
    credentials: at === -1 ? undefined : parseCredentials(authority?.slice(0, at) ?? ''),
    hosts: authority?.slice(at + 1).split(','),
    path: decode('the path', path),
    query: parseQuery(query),
  }
}

/** Parses `host`, `host:port` or `[address]:port`. An empty host is `localhost`. Throws a `TypeError` for other text. */
export function parseHost(text: string, defaultPort: number): { host: string; port: number } {
  const [matched, host = '', port] = /^(\[[0-9a-f:.]+\]|[^:@[\]]*)(?::(\d{1,5}))?$/i.exec(text) ?? []
  const number = port === undefined ? defaultPort : Number(port)
  if (matched === undefined || number < 1 || number > 65_535) {
    throw new TypeError(
      'url: expected host or host:port, with a port from 1 to 65535, after the "@" if there is one',
    )
  }
  return { host: host === '' ? 'localhost' : host.replace(/^\[|\]$/g, ''), port: number }
}

function parseCredentials(text: string): { username?: string; password?: string } {
  const colon = text.indexOf(':')
  const username = decode('the user name', colon === -1 ? text : text.slice(0, colon))
  const password = colon === -1 ? '' : decode('the password', text.slice(colon + 1))
  return { ...(username === '' ? {} : { username }), ...(password === '' ? {} : { password }) }
}

function parseQuery(query: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decode('a name in the query', equals === -1 ? pair : pair.slice(0, equals))
    if (values.has(name)) throw new TypeError(`url: ${name} is given twice`)
    values.set(name, equals === -1 ? '' : decode(name, pair.slice(equals + 1)))
  }
  return values
}

function decode(what: string, text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Without the cause: its message is harmless, and what a debugger shows of it is not.
    throw new TypeError(`url: ${what} has a "%" that is no percent-encoding; write it as %25`)
  }
}
