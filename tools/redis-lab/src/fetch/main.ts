import { runTool, textTable } from '@cairnkit/tool-kit'
import { USAGE, readArguments } from './arguments.js'
import { fetchServer } from './fetch-server.js'

await runTool({
  name: 'lab:servers',
  usage: USAGE,
  readOptions: readArguments,
  run: async (names) => {
    const rows: string[][] = []
    const failures = new Map<string, string[]>()
    for (const name of names) {
      try {
        const server = await fetchServer(name, (line) => process.stderr.write(`lab:servers: ${line}\n`))
        rows.push([name, (await server.version()).text, server.program])
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        failures.set(reason, [...(failures.get(reason) ?? []), name])
      }
    }
    if (rows.length > 0) process.stdout.write(`${textTable(['server', 'version', 'program'], rows, 3)}\n`)
    for (const [reason, without] of failures)
      process.stderr.write(`lab:servers: ${without.join(', ')}: ${reason}\n`)
    if (failures.size > 0) process.exitCode = 1
  },
})
