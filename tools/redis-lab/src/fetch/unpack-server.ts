import { execFile } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import type { PackagedServer } from '../servers/known-servers.js'
import { linkedPackages } from './linked-packages.js'
import type { PackageSuite } from './package-suite.js'

/**
 * Unpacks a server into `directory` with the libraries that it was built for, libc and its loader among them, and writes
 * the programs `server` and `cli`, which start it with these once the directory has been moved to `home`.
 */
export async function unpackServer(
  suite: PackageSuite,
  { product }: PackagedServer,
  directory: string,
  home: string,
): Promise<void> {
  const [debs, root] = [join(directory, 'debs'), join(directory, 'root')]
  await Promise.all([debs, root].map((path) => mkdir(path, { recursive: true })))
  const packages = [`${product}-server`, `${product}-tools`]
  await suite.download(linkedPackages(await suite.dependencies(packages), packages), debs)
  for (const deb of await readdir(debs)) await run('dpkg-deb', ['-x', join(debs, deb), root])
  await rm(debs, { recursive: true })

  const files = await filesBelow(root)
  const loader = files.find((path) => /^ld-linux.*\.so\.\d+$/.test(basename(path)))
  if (loader === undefined) throw new Error(`No package of ${suite.name} brought a loader of programs`)
  const libraries = new Set(files.filter((path) => /\.so(\.|$)/.test(basename(path))).map(dirname))
  const atHome = (path: string): string => join(home, relative(directory, path))
  for (const [name, program] of [
    ['server', `${product}-server`],
    ['cli', `${product}-cli`],
  ] as const) {
    const words = [
      atHome(loader),
      '--library-path',
      [...libraries].map(atHome).join(':'),
      atHome(join(root, 'usr/bin', program)),
    ]
    await writeFile(join(directory, name), scriptOf(words), { mode: 0o755 })
  }
}

/** It takes over the process: a lab freezes and kills what it started. */
function scriptOf(words: readonly string[]): string {
  return `#!/bin/sh\nexec ${words.map(quoted).join(' ')} "$@"\n`
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/** The files below a folder. Links are left out: they may lead to the libraries of the machine. */
async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

const run = promisify(execFile)
