import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runCommand } from '../commands/run-command.js'
import { freePort, startServer } from '../commands/start-server.js'
import { template } from '../root.js'
import { expectConversation } from './expect-memory.js'
import type { Kind, Site } from './kind.js'

const ROUTE = 'app/api/chat/route.js'

const tools = ['next@16', 'react@19', 'react-dom@19']

const noDeno = 'next is installed with another package manager'
const noTurbopack = "Turbopack reads node_modules, which Plug'n'Play does not have"

const next = { project: 'next', tools, short: false, onRuntimes: false } as const

export const nextKinds: readonly Kind[] = [
  {
    ...next,
    id: 'next-webpack',
    name: 'Next.js, webpack',
    without: { deno: noDeno },
    check: async (site) => await expectApp(site, '--webpack', {}, site.url),
  },
  {
    ...next,
    id: 'next-turbopack',
    name: 'Next.js, Turbopack',
    without: { deno: noDeno, 'yarn-pnp': noTurbopack },
    check: async (site) => await expectApp(site, '--turbopack', {}, site.url),
  },
  {
    ...next,
    id: 'next-lmdb',
    name: 'Next.js, Turbopack, lmdb kept outside',
    tools: [...tools, '@cairnkit/lmdb'],
    without: { deno: noDeno, 'yarn-pnp': noTurbopack },
    async check(site) {
      const memory = join(site.folder, 'memory')
      await rm(memory, { recursive: true, force: true })
      const route = site.documents.bundlers
        .text(ROUTE)
        .replaceAll('createIoredisDriver', 'createLmdbDriver')
        .replaceAll('@cairnkit/ioredis', '@cairnkit/lmdb')
      const config = site.documents.bundlers.text('next.config.mjs')
      await expectApp(site, '--turbopack', { [ROUTE]: route, 'next.config.mjs': config }, `lmdb://${memory}`)
    },
  },
]

/** Builds the app of the documents, starts it, and talks to it in two requests. */
async function expectApp(
  site: Site,
  bundler: string,
  changed: Readonly<Record<string, string>>,
  url: string,
): Promise<void> {
  const { folder, manager } = site
  for (const name of ['.next', 'app', 'next.config.mjs']) {
    await rm(join(folder, name), { recursive: true, force: true })
  }
  const files = { [ROUTE]: site.documents.bundlers.text(ROUTE), ...changed }
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  for (const name of ['layout.jsx', 'page.jsx'])
    await copyFile(template(`next/${name}`), join(folder, 'app', name))
  // It finds next as a module of the project does, whatever the manager has made of it.
  await copyFile(template('run-next.cjs'), join(folder, 'run-next.cjs'))
  const run = [...manager.run, 'run-next.cjs']
  const env = { ...manager.env, REDIS_URL: url }
  await runCommand([...run, 'build', bundler], { cwd: folder, env })
  const port = String(await freePort())
  const origin = `http://127.0.0.1:${port}`
  const start = [...run, 'start', '--hostname', '127.0.0.1', '--port', port]
  await using _app = await startServer(start, { cwd: folder, env, probe: origin })
  await expectConversation(async () => await ask(`${origin}/api/chat`))
}

async function ask(url: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify({ thread: 'ada', message: 'Hello' }),
    signal: AbortSignal.timeout(60_000),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`POST ${url}: status ${response.status}, ${text}`)
  return (JSON.parse(text) as { readonly answer: string }).answer
}
