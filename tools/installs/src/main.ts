import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startLab } from '@cairnkit/redis-lab'
import { runTool } from '@cairnkit/tool-kit'
import { USAGE, readArguments } from './arguments.js'
import { namedFiles } from './documents/named-files.js'
import { readReadme } from './documents/readme.js'
import { InstallMatrix, type MatrixOptions } from './install-matrix.js'
import { kinds } from './kinds/index.js'
import type { Documents } from './kinds/kind.js'
import { npm } from './managers/npm.js'
import { openPlace } from './place.js'
import { publishPackages } from './registry/publish.js'
import { startRegistry } from './registry/start-registry.js'
import type { Column } from './report/cell.js'
import { report, tally } from './report/report.js'
import { root } from './root.js'
import { suiteKinds } from './suites/suite-kinds.js'

await runTool({
  name: 'installs',
  usage: USAGE,
  readOptions: readArguments,
  run: async (options) => {
    const say = (line: string): void => void process.stderr.write(`${line}\n`)
    await using place = await openPlace(options.folder)
    await using lab = await startLab('standalone')
    await using registry = await startRegistry(place)
    say(`published ${(await publishPackages(place, registry)).join(', ')}`)
    const [server] = lab.nodes
    const settings: MatrixOptions = {
      place,
      registry: registry.url,
      documents: await readDocuments(),
      server: { url: lab.url, empty: async () => void (await server.command('FLUSHALL')) },
      say,
    }
    const matrix = new InstallMatrix(settings)
    const columns: Column[] = []
    if (options.suitesOn !== undefined) {
      columns.push(...(await matrix.onRuntimes(options.suitesOn, npm, suiteKinds)))
    } else {
      for (const manager of options.managers) columns.push(await matrix.withManager(manager, options.kinds))
      const anywhere = options.kinds.filter(({ onRuntimes }) => onRuntimes)
      if (options.managers.includes(npm))
        columns.push(...(await matrix.onRuntimes(options.runtimes, npm, anywhere)))
    }
    process.stdout.write(`${report([...kinds, ...suiteKinds], columns)}\n`)
    const { passed, failed } = tally(columns)
    if (failed > 0 || passed === 0) process.exitCode = 1
  },
})

async function readDocuments(): Promise<Documents> {
  const read = async (path: string): Promise<string> => await readFile(join(root, path), 'utf8')
  return { readme: readReadme(await read('README.md')), bundlers: namedFiles(await read('docs/bundlers.md')) }
}
