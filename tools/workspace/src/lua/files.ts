import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, root } from '../main.js'
import type { LuaSources } from './compile.js'

const kernel = join(root, 'packages/redis-kernel/src/storage')

/** The module that `npm run lua` writes. */
export const generatedFile: string = join(kernel, 'scripts.generated.ts')

/** Reads `lua/*.lua` and `lua/includes/*.lua`. */
export async function readSources(): Promise<LuaSources> {
  const verbs = await luaFiles(join(kernel, 'lua'))
  if (verbs.size === 0) fail('packages/redis-kernel/src/storage/lua holds no .lua file')
  return { verbs, includes: await luaFiles(join(kernel, 'lua/includes')) }
}

async function luaFiles(directory: string): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  if (!existsSync(directory)) return files
  const names = (await readdir(directory)).filter((name) => name.endsWith('.lua'))
  for (const name of names.sort()) {
    files.set(name.slice(0, -'.lua'.length), await readFile(join(directory, name), 'utf8'))
  }
  return files
}
