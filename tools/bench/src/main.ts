import { type Arguments, USAGE, UsageError, readArguments } from './arguments.js'
import { runBench } from './bench.js'
import { writeReport } from './output/write-report.js'

async function run(options: Arguments): Promise<void> {
  // A promise does not keep a process alive, and the servers of the bench do not either.
  const alive = setInterval(() => {}, 60_000)
  // An exit removes what the bench wrote, the default action of a signal does not.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))
  try {
    const report = await runBench(options, process.stderr)
    process.stdout.write(await writeReport(report, options))
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
  process.stderr.write(`bench: ${usage ? error.message : textOf(error)}\n${usage ? `\n${USAGE}` : ''}`)
  process.exitCode = usage ? 2 : 1
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
