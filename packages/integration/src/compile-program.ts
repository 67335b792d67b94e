import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const folder = fileURLToPath(new URL('../node_modules/', import.meta.url))

export interface CompiledProgram extends AsyncDisposable {
  readonly path: string
}

/**
 * A program and the packages of this repository in one file, taken from their sources: it starts in a third of the time
 * that the sources take.
 */
export async function compileProgram(source: string): Promise<CompiledProgram> {
  // Below this package, so that it finds what is left outside.
  await mkdir(folder, { recursive: true })
  const directory = await mkdtemp(join(folder, '.program-'))
  const path = join(directory, 'main.mjs')
  await build({
    entryPoints: [source],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@cairnkit/source'],
    plugins: [
      {
        name: 'published packages stay outside',
        setup: (compiler) => {
          compiler.onResolve({ filter: /^[^./]/ }, ({ path: name }) =>
            name.startsWith('@cairnkit/') ? undefined : { path: name, external: true },
          )
        },
      },
    ],
  })
  return {
    path,
    [Symbol.asyncDispose]: async () => await rm(directory, { recursive: true, force: true }),
  }
}
