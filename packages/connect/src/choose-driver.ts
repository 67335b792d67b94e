import type { FromUrl, StorageUrl } from '@cairnkit/core/driver'
import type { ConnectOptions } from './connect-options.js'
import { driverPackages } from './driver-packages.js'
import { openersOf } from './given-drivers.js'
import { loadFirst } from './load.js'
import { clientNames } from './settings.js'

/** Some of the schemes, for an error. */
const knownSchemes = [
  ...['memory', 'lmdb', 'redis', 'rediss', 'redis+sentinel', 'redis+cluster', 'valkey', 'unix'],
]

/**
 * Chooses the driver for a URL, among those that are given, else among those that are installed. Throws a `TypeError` if none of
 * those given fits or the scheme is not known, and an `Error` if no driver is installed.
 */
export async function chooseDriver(
  parsed: StorageUrl,
  client: ConnectOptions['client'],
  drivers: ConnectOptions['drivers'],
): Promise<FromUrl> {
  const { scheme } = parsed
  if (drivers !== undefined) return givenFor(parsed, client, openersOf(drivers))
  const candidates = driverPackages.filter(({ schemes }) => schemes.test(scheme))
  if (candidates.length === 0) throw unknownScheme(parsed, knownSchemes)
  return await loadFirst(scheme, chosen(candidates, client))
}

function givenFor(
  parsed: StorageUrl,
  client: ConnectOptions['client'],
  openers: readonly FromUrl[],
): FromUrl {
  const { scheme } = parsed
  const candidates = openers.filter(({ schemes }) => schemes.includes(scheme))
  const [opener] = chosen(candidates, client)
  if (opener !== undefined) return opener
  if (candidates.length > 0) throw new TypeError(`drivers: none of those for ${scheme}: is named ${client}`)
  const missing = driverPackages.filter(({ schemes }) => schemes.test(scheme))
  if (missing.length === 0)
    throw unknownScheme(
      parsed,
      openers.flatMap(({ schemes }) => schemes),
    )
  const named = missing.map(({ factory, package: name }) => `${factory} of ${name}`)
  throw new TypeError(`drivers: none of them opens ${scheme}: URLs. Add ${named.join(', or ')}`)
}

/** A storage that has only one driver does not look at the name of a client, so that only the URL changes. */
function chosen<Candidate extends { readonly name: string }>(
  candidates: readonly Candidate[],
  client: ConnectOptions['client'],
): readonly Candidate[] {
  const isOfClient = ({ name }: Candidate): boolean => (clientNames as readonly string[]).includes(name)
  if (client === undefined || !candidates.some(isOfClient)) return candidates
  return candidates.filter(({ name }) => name === client)
}

function unknownScheme({ scheme, hosts }: StorageUrl, known: readonly string[]): TypeError {
  // Without slashes it may be the user name, or the host, of an URL that lacks its scheme.
  const what =
    hosts === undefined
      ? 'it begins with no scheme: for a server, write redis:// in front'
      : `no scheme is named ${scheme}`
  return new TypeError(`url: ${what}. There are: ${known.map((name) => `${name}:`).join(', ')}`)
}
