import { UsageError } from '@cairnkit/tool-kit'
import { type Arguments, USAGE, readArguments } from './cli-arguments.js'
import { describeLab } from './describe-lab.js'
import { startLab } from './start-lab.js'

async function run({ kind, appendOnly }: Arguments): Promise<void> {
  const interrupted = new AbortController()
  const stopped = new Promise<void>((resolve) =>
    interrupted.signal.addEventListener('abort', () => resolve()),
  )
  // Once: a second Ctrl-C ends an impatient person's wait at once, and the watchdog cleans up.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => interrupted.abort())

  const begin = performance.now()
  const lab = await startLab(kind, {
    appendOnly,
    // Whoever kills a server by hand wants to see another one take over.
    failover: 'soon',
    signal: interrupted.signal,
  }).catch((error: unknown) => {
    if (interrupted.signal.aborted) return undefined
    throw error
  })
  if (lab === undefined) return
  process.stdout.write(describeLab(lab, performance.now() - begin))
  // An unsettled promise does not keep a process alive; the lab's own sockets and children do not either, on purpose.
  const alive = setInterval(() => {}, 60_000)
  await stopped
  clearInterval(alive)
  await lab.stop()
  process.stdout.write('\nStopped, nothing left behind.\n')
}

try {
  const chosen = readArguments(process.argv.slice(2))
  if (chosen === 'help') process.stdout.write(USAGE)
  else await run(chosen)
} catch (error) {
  process.stderr.write(`redis-lab: ${error instanceof Error ? error.message : String(error)}\n`)
  if (error instanceof UsageError) process.stderr.write(`\n${USAGE}`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
