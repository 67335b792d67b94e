import { runCommand } from '../commands/run-command.js'
import type { Site } from './kind.js'

/** What the README's example answers to the first and to the second process on a thread. */
const ANSWERS: readonly string[] = [1, 3].map((count) => `I remember ${count} messages of this thread.`)

/** Runs the program twice, and rejects unless the second process continues the thread of the first. */
export async function expectMemory(site: Site, argv: readonly string[], cwd: string): Promise<void> {
  for (const expected of ANSWERS) {
    const said = await runCommand(argv, { cwd, env: site.manager.env, timeoutMs: 180_000 })
    expectAnswer(said.trim(), expected)
  }
}

/** Rejects unless two requests on one thread are answered as by two processes. */
export async function expectConversation(ask: () => Promise<string>): Promise<void> {
  for (const expected of ANSWERS) expectAnswer(await ask(), expected)
}

function expectAnswer(said: string, expected: string): void {
  if (said !== expected)
    throw new Error(`It answered ${JSON.stringify(said)} in place of ${JSON.stringify(expected)}`)
}
