import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { asEntry, withUrl } from '../documents/example.js'
import { bunProgram } from '../managers/bun.js'
import { template } from '../root.js'
import { type Bundling, expectBundle, withIoredis, withLmdb } from './bundle.js'
import type { Kind, Site } from './kind.js'

/** These ran when the tool was written. The newest of some name packages for platforms that not every registry has. */
const ESBUILD = 'esbuild@0.27.7'
const VITE = 'vite@8.3.8'
const ROLLUP = 'rollup@4.67.4'

const noDeno = 'it is installed with another package manager, and the bundle runs on Deno: see on-deno'

type Name = Pick<Kind, 'id' | 'name'> & Partial<Pick<Kind, 'project' | 'short' | 'onRuntimes' | 'without'>>

function bundled(name: Name, tools: readonly string[], bundling: Bundling): Kind {
  return {
    project: 'ioredis',
    short: false,
    onRuntimes: false,
    ...name,
    tools,
    without: { deno: noDeno, ...name.without },
    check: async (site) => await expectBundle(site, name.id, bundling),
  }
}

const alone = { entry: withIoredis, out: 'out', file: 'agent.mjs', runs: 'alone' } as const

/** A file of the documents, as it stands there. */
function shown(...names: readonly string[]): (site: Site) => Record<string, string> {
  return ({ documents }) => Object.fromEntries(names.map((name) => [name, documents.bundlers.text(name)]))
}

/** The same, with a program of this tool that starts the bundler. */
function started(config: string, starter: string): Pick<Bundling, 'files' | 'build'> {
  return {
    files: async (site) => ({
      ...shown(config)(site),
      [starter]: await readFile(template(starter), 'utf8'),
    }),
    build: ({ manager }) => [...manager.run, starter],
  }
}

const esbuild: Bundling = {
  ...alone,
  files: shown('build.mjs'),
  build: ({ manager }) => [...manager.run, 'build.mjs'],
}

export const bundlerKinds: readonly Kind[] = [
  bundled({ id: 'esbuild', name: 'esbuild, ES module', short: true, onRuntimes: true }, [ESBUILD], esbuild),
  bundled({ id: 'minified', name: 'esbuild, CommonJS, minified', short: true, onRuntimes: true }, [ESBUILD], {
    ...alone,
    file: 'agent.cjs',
    files: async () => ({ 'build-cjs.mjs': await readFile(template('build-cjs.mjs'), 'utf8') }),
    build: ({ manager }) => [...manager.run, 'build-cjs.mjs'],
  }),
  bundled({ id: 'no-drivers', name: 'esbuild, without drivers', short: true }, [ESBUILD], {
    ...esbuild,
    entry: ({ documents, url }) => asEntry(withUrl(documents.readme.example, url)),
    runs: 'in the project',
  }),
  bundled({ id: 'lmdb-external', name: 'esbuild, lmdb kept outside', project: 'lmdb' }, [ESBUILD], {
    ...esbuild,
    entry: withLmdb,
    files: async (site) => {
      await rm(join(site.folder, 'memory'), { recursive: true, force: true })
      return shown('build.mjs')(site)
    },
    runs: 'in the project',
  }),
  bundled({ id: 'webpack', name: 'webpack 5, minified' }, ['webpack@5'], {
    ...alone,
    out: 'dist',
    ...started('webpack.config.mjs', 'run-webpack.mjs'),
  }),
  bundled({ id: 'vite', name: 'vite build --ssr' }, [VITE], {
    ...alone,
    ...started('vite.config.mjs', 'run-vite.mjs'),
  }),
  bundled(
    { id: 'rollup', name: 'Rollup' },
    [ROLLUP, '@rollup/plugin-commonjs', '@rollup/plugin-json', '@rollup/plugin-node-resolve'],
    { ...alone, ...started('rollup.config.mjs', 'run-rollup.mjs') },
  ),
  bundled(
    {
      id: 'bun-build',
      name: 'bun build',
      without: { 'yarn-pnp': "bun build reads node_modules, which Plug'n'Play does not have" },
    },
    [],
    {
      ...alone,
      files: () => ({}),
      build: async ({ place }) => [
        ...[await bunProgram(place), 'build', 'agent.mjs', '--target=node', '--outfile=out/agent.mjs'],
        ...['--external', '@cairnkit/lmdb'],
      ],
    },
  ),
]
