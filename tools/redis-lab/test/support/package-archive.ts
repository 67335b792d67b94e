import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** By suite, the version of the package of a server in it. */
export type Suites = Readonly<Record<string, string>>

/**
 * Makes an archive of packages in `directory`, of which each suite has a Valkey and the libraries that it is linked to.
 * All are `program`, under other names. Resolves to a configuration of apt, for `APT_CONFIG`, that knows this archive
 * alone.
 */
export async function makeArchive(directory: string, program: string, suites: Suites): Promise<string> {
  const libraries: Package = {
    name: 'libserver',
    version: '1.0',
    depends: '',
    files: new Map((await linkedFiles(program)).map((path) => [path, `usr/lib/here/${basename(path)}`])),
  }
  for (const [suite, version] of Object.entries(suites))
    await makeSuite(directory, suite, [...packagesOf(program, version), libraries])
  const [, codename = ''] = /^VERSION_CODENAME=(.*)$/m.exec(await readFile('/etc/os-release', 'utf8')) ?? []
  await writeBelow(directory, 'parts/here.list', `deb [trusted=yes] file:${directory} ${codename} main\n`)
  const config = join(directory, 'apt.conf')
  await writeFile(config, `Dir::Etc::sourcelist "/dev/null";\nDir::Etc::sourceparts "${directory}/parts";\n`)
  return config
}

function packagesOf(program: string, version: string): Package[] {
  return [
    {
      name: 'valkey-server',
      version,
      // What is no library is not looked for: this archive does not have it.
      depends: `valkey-tools (= ${version}), service-of-this-name`,
      files: new Map([[program, 'usr/bin/valkey-server']]),
    },
    {
      name: 'valkey-tools',
      version,
      depends: 'libserver',
      files: new Map([[program, 'usr/bin/valkey-cli']]),
    },
  ]
}

async function makeSuite(directory: string, suite: string, packages: readonly Package[]): Promise<void> {
  const machine = await architecture()
  const entries = await Promise.all(packages.map((each) => makePackage(directory, suite, each, machine)))
  const list = entries.join('\n')
  const path = `main/binary-${machine}/Packages`
  const suiteDirectory = join(directory, 'dists', suite)
  await writeBelow(suiteDirectory, path, list)
  await writeBelow(
    suiteDirectory,
    'Release',
    `Suite: ${suite}\nCodename: ${suite}\nDate: ${new Date().toUTCString()}\nArchitectures: ${machine}\n` +
      `Components: main\nSHA256:\n ${sha256(list)} ${Buffer.byteLength(list)} ${path}\n`,
  )
}

interface Package {
  readonly name: string
  readonly version: string
  readonly depends: string
  /** Files of this machine, and where they are in the package. */
  readonly files: ReadonlyMap<string, string>
}

/** Resolves to what the list of packages says of it. */
async function makePackage(
  directory: string,
  suite: string,
  { name, version, depends, files }: Package,
  machine: string,
): Promise<string> {
  const tree = join(directory, 'trees', suite, name)
  for (const [from, to] of files) {
    await mkdir(join(tree, dirname(to)), { recursive: true })
    await copyFile(from, join(tree, to))
  }
  const control =
    `Package: ${name}\nVersion: ${version}\nArchitecture: ${machine}\nMaintainer: Nobody <nobody@localhost>\n` +
    `${depends === '' ? '' : `Depends: ${depends}\n`}Description: for a test\n`
  await writeBelow(tree, 'DEBIAN/control', control)
  const file = `${suite}-${name}.deb`
  await run('dpkg-deb', ['-Znone', '--root-owner-group', '-b', tree, join(directory, file)])
  const bytes = await readFile(join(directory, file))
  return `${control}Filename: ${file}\nSize: ${bytes.length}\nSHA256: ${sha256(bytes)}\n`
}

async function writeBelow(directory: string, path: string, text: string): Promise<void> {
  await mkdir(join(directory, dirname(path)), { recursive: true })
  await writeFile(join(directory, path), text)
}

/** The libraries of a program, and the loader that joins them. */
async function linkedFiles(program: string): Promise<string[]> {
  const { stdout } = await run('ldd', [program])
  return [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path = '']) => path)
}

async function architecture(): Promise<string> {
  return (await run('dpkg', ['--print-architecture'])).stdout.trim()
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

const run = promisify(execFile)
