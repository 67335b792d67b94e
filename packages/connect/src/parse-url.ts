/** A URL with one host, several, or none. `URL` of the language takes one. */
export interface ParsedUrl {
  readonly scheme: string
  /** Percent-encoded, without the `@`. */
  readonly userinfo: string | undefined
  /** `undefined` where there is no `//`. */
  readonly hosts: readonly string[] | undefined
  /** Percent-encoded, with its slash. */
  readonly path: string
  readonly query: ReadonlyMap<string, string>
}

const SHAPE = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(#.*)?$/is

/** Throws a `TypeError` that repeats nothing of the URL: it may hold a password anywhere. */
export function parseUrl(url: string): ParsedUrl {
  const [matched, scheme = '', authority, path = '', query = '', fragment] = SHAPE.exec(url) ?? []
  if (matched === undefined) throw new TypeError('url: expected a URL such as memory: or redis://localhost')
  if (fragment !== undefined) throw new TypeError('url: there is a "#" in it; in a password, write it as %23')
  const at = authority?.lastIndexOf('@') ?? -1
  return {
    scheme: scheme.toLowerCase(),
    userinfo: at === -1 ? undefined : authority?.slice(0, at),
    hosts: authority?.slice(at + 1).split(','),
    path,
    query: parseQuery(query),
  }
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

export function decode(what: string, text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new TypeError(`url: ${what} has a "%" that is no percent-encoding; write it as %25`, { cause })
  }
}

/** `host`, `host:port` or `[address]:port`. */
export function parseHost(text: string, defaultPort: number): { host: string; port: number } {
  const [, host = '', port] = /^(\[[0-9a-f:.]+\]|[^:@[\]]*)(?::(\d{1,5}))?$/i.exec(text) ?? []
  const number = port === undefined ? defaultPort : Number(port)
  if (host === '' || number < 1 || number > 65_535) {
    throw new TypeError(
      'url: expected host or host:port, several of them with commas, after the "@" if there is one',
    )
  }
  return { host: host.replace(/^\[|\]$/g, ''), port: number }
}
