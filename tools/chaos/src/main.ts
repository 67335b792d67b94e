import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Arguments, USAGE, UsageError, readArguments } from './arguments.js'
import { runChaos } from './chaos.js'
import { verdictLine } from './output/verdict-line.js'

async function run(options: Arguments): Promise<void> {
  // A promise does not keep a process alive, and the servers do not either.
  const alive = setInterval(() => {}, 60_000)
  // An exit ends the servers and the writers, the default action of a signal does not.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))
  try {
    const reports = await runChaos(options, process.stderr)
    if (options.json !== undefined) {
      await mkdir(dirname(options.json), { recursive: true })
      await writeFile(options.json, `${JSON.stringify(reports, undefined, 2)}\n`)
    }
    process.stdout.write(`${verdictLine(reports)}\n`)
    if (reports.some(({ broken }) => broken.length > 0)) process.exitCode = 1
  } finally {
    clearInterval(alive)
  }
}

try {
  const options = readArguments(process.argv.slice(2))
  if (options === 'help') process.stdout.write(USAGE)
  else await run(options)
} catch (error) {
  const usage = error instanceof UsageError
  process.stderr.write(`chaos: ${usage ? error.message : textOf(error)}\n${usage ? `\n${USAGE}` : ''}`)
  process.exitCode = usage ? 2 : 1
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
