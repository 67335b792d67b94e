import { execFile } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type AptSource, readSources } from './apt-sources.js'
import { findProgram } from '../servers/find-program.js'

/**
 * Where this machine gets the packages of Debian from, by its own configuration of apt: the sources that have its own
 * suite. Throws an error that says what to do instead if this is no Debian.
 */
export async function debianSources(): Promise<readonly AptSource[]> {
  const release = await osRelease()
  const codename = release.get('VERSION_CODENAME')
  if (release.get('ID') !== 'debian' || codename === undefined || !(await hasTools()))
    throw new Error(elsewhere(release.get('PRETTY_NAME') ?? process.platform))
  const sources = (await configuredSources()).filter(
    ({ suites, components }) => components.includes('main') && suites.some((suite) => suite === codename),
  )
  if (sources.length > 0) return sources
  throw new Error(`The configuration of apt names no source of the suite ${codename}: ${INSTEAD}`)
}

async function hasTools(): Promise<boolean> {
  const found = await Promise.all(['apt-get', 'apt-cache', 'apt-config', 'dpkg-deb'].map(findProgram))
  return found.every((program) => program !== undefined)
}

function elsewhere(system: string): string {
  return `Servers are fetched from the suites of Debian, by apt, and this is ${system}: ${INSTEAD}`
}

const INSTEAD = `install a server, such as Valkey 9, in the way of this system, and name its program:

  CAIRN_REDIS_SERVER=/path/to/valkey-server npm test`

async function osRelease(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile('/etc/os-release', 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  return new Map([...text.matchAll(/^(\w+)="?(.*?)"?$/gm)].map(([, name = '', value = '']) => [name, value]))
}

async function configuredSources(): Promise<AptSource[]> {
  const { stdout } = await run('apt-config', [
    'shell',
    ...['LIST', 'Dir::Etc::sourcelist/f', 'PARTS', 'Dir::Etc::sourceparts/d'],
  ])
  const place = (name: string): string | undefined => new RegExp(`^${name}='(.*)'$`, 'm').exec(stdout)?.[1]
  const [list, parts] = [place('LIST'), place('PARTS')]
  const names = parts === undefined ? [] : ((await unlessMissing(readdir(parts))) ?? []).toSorted()
  const files = [
    ...(list === undefined ? [] : [list]),
    ...names.filter((name) => /\.(list|sources)$/.test(name)).map((name) => join(parts ?? '', name)),
  ]
  const texts = await Promise.all(
    files.map(async (file) => [file, (await unlessMissing(readFile(file, 'utf8'))) ?? ''] as const),
  )
  return texts.flatMap(([file, text]) => readSources(file, text))
}

/** A machine has either of the formats, or both. */
async function unlessMissing<T>(read: Promise<T>): Promise<T | undefined> {
  return await read.catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
}

const run = promisify(execFile)
