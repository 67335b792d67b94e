import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MessageClasses } from './arbitrary-values.js'

const require = createRequire(import.meta.url)
const manifest = require.resolve('@langchain/core/package.json')

/** The copy that a program gets which requires LangChain where Cairn imports it. */
export function requiredLangchain(): MessageClasses {
  return require('@langchain/core/messages') as MessageClasses
}

/** A copy of the folder of LangChain, as a package manager puts a second one into a tree. */
export interface SecondLangchain extends AsyncDisposable {
  readonly messages: MessageClasses
}

export async function copiedLangchain(): Promise<SecondLangchain> {
  const tree = await mkdtemp(join(tmpdir(), 'cairn-second-langchain-'))
  const modules = join(tree, 'node_modules')
  const copy = join(modules, '@langchain/core')
  await cp(dirname(manifest), copy, {
    recursive: true,
    filter: (file) => !/\.(?:cjs|map|[cm]?ts|md)$/.test(file),
  })
  const { dependencies } = JSON.parse(await readFile(manifest, 'utf8')) as Manifest
  for (const name of Object.keys(dependencies)) await link(name, modules)
  const url = pathToFileURL(join(copy, 'dist/messages/index.js')).href
  return {
    messages: (await import(/* @vite-ignore */ url)) as MessageClasses,
    [Symbol.asyncDispose]: () => rm(tree, { recursive: true }),
  }
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
}

/** What the copy depends on stands beside it, or in its own folder, as it does for the original. */
async function link(name: string, modules: string): Promise<void> {
  const place = join(modules, name)
  await mkdir(dirname(place), { recursive: true })
  await symlink(join(dirname(manifest), '../..', name), place)
}
