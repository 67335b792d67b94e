import { UsageError } from './usage-error.js'

export interface Tool<Options> {
  /** Begins every message of a failure. */
  readonly name: string
  readonly usage: string
  readonly readOptions: (args: readonly string[]) => Options | 'help'
  readonly run: (options: Options) => Promise<void>
}

/**
 * Runs a program with the options that were typed. What was typed wrong ends it with exit code 2 and its usage, any other
 * failure with exit code 1.
 */
export async function runTool<Options>(tool: Tool<Options>): Promise<void> {
  try {
    const options = tool.readOptions(process.argv.slice(2))
    if (options === 'help') process.stdout.write(tool.usage)
    else await whileAlive(() => tool.run(options))
  } catch (error) {
    const usage = error instanceof UsageError
    const text = usage ? `${error.message}\n\n${tool.usage}` : `${textOf(error)}\n`
    process.stderr.write(`${tool.name}: ${text}`)
    process.exitCode = usage ? 2 : 1
  }
}

async function whileAlive(work: () => Promise<void>): Promise<void> {
  // A promise does not keep a process alive, and neither do the servers that a program starts.
  const alive = setInterval(() => {}, 60_000)
  // An exit ends servers and removes what was written, the default action of a signal does not.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))
  try {
    await work()
  } finally {
    clearInterval(alive)
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
