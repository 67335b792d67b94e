import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { findServer } from '../servers/choose-server.js'
import { KNOWN_SERVERS, type KnownServerName, type PackagedServer } from '../servers/known-servers.js'
import { serverFolder, serversFolder } from '../servers/server-folder.js'
import type { Server } from '../servers/server.js'
import { debianSources } from './debian.js'
import { PackageSuite } from './package-suite.js'
import { unpackServer } from './unpack-server.js'

/**
 * The server of that name, fetched if it is not on this machine. Several processes may do this at once: each unpacks
 * for itself, and the first one that is ready puts its server in place. `say` hears what takes long.
 */
export async function fetchServer(name: KnownServerName, say: (line: string) => void): Promise<Server> {
  const present = await findServer(name)
  if (present !== undefined) return present
  const known = KNOWN_SERVERS[name]
  if (known.from === 'debian') {
    say(`${name} is fetched from Debian, into ${serversFolder()}`)
    await fetchPackaged(name, known)
  }
  const fetched = await findServer(name)
  if (fetched === undefined) throw new Error(`${name} is not there though it was fetched`)
  return fetched
}

async function fetchPackaged(name: KnownServerName, server: PackagedServer): Promise<void> {
  await mkdir(serversFolder(), { recursive: true })
  await removeLeftovers()
  const work = await mkdtemp(join(serversFolder(), UNFINISHED))
  try {
    const suite = await suiteWith(server, join(work, 'apt'))
    const { path } = serverFolder(name)
    const unpacked = join(work, 'server')
    await unpackServer(suite, server, unpacked, path)
    await putInPlace(unpacked, path)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** The first suite that has the server in the major that is wanted. */
async function suiteWith(
  { product, major, suites }: PackagedServer,
  directory: string,
): Promise<PackageSuite> {
  const failures: string[] = []
  for (const [at, source] of (await debianSources()).entries()) {
    for (const suiteName of suites) {
      try {
        const suite = await PackageSuite.open(source, suiteName, join(directory, `${at}-${suiteName}`))
        const version = await suite.versionOf(`${product}-server`)
        if (version?.split('.')[0] === String(major)) return suite
        failures.push(`${suiteName} has ${version === undefined ? 'none' : version}`)
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error))
      }
    }
  }
  throw new Error(`No suite of Debian has ${product}-server ${major}:\n  ${failures.join('\n  ')}`)
}

/** A folder is there as a whole or not at all. */
async function putInPlace(unpacked: string, path: string): Promise<void> {
  try {
    await rename(unpacked, path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // Another process was faster, and its server is as good.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
  }
}

const UNFINISHED = '.unfinished-'

/** What processes left that were killed while they fetched: none takes an hour. */
async function removeLeftovers(): Promise<void> {
  const names = (await readdir(serversFolder())).filter((name) => name.startsWith(UNFINISHED))
  for (const name of names) {
    const path = join(serversFolder(), name)
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > 3_600_000) await rm(path, { recursive: true, force: true })
  }
}
