import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { runTool } from '@cairnkit/tool-kit'
import { USAGE, readArguments } from './arguments.js'
import { runChaos } from './chaos.js'
import { verdictLine } from './output/verdict-line.js'

await runTool({
  name: 'chaos',
  usage: USAGE,
  readOptions: readArguments,
  run: async (options) => {
    const reports = await runChaos(options, process.stderr)
    if (options.json !== undefined) {
      await mkdir(dirname(options.json), { recursive: true })
      await writeFile(options.json, `${JSON.stringify(reports, undefined, 2)}\n`)
    }
    process.stdout.write(`${verdictLine(reports)}\n`)
    if (reports.some(({ broken }) => broken.length > 0)) process.exitCode = 1
  },
})
