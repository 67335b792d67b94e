import { runProgram } from './run-program.js'
import { type Opened, withAgent } from './with-agent.js'

/** What a visit is played with. */
export interface Visit extends Opened {
  readonly ada: string
  readonly bob: string
  /** A person says something in a thread, and the agent answers; both are printed. */
  readonly say: (person: string, threadId: string, text: string) => Promise<void>
}

/** Runs one visit of the story: the whole program of this process, which `play-story.ts` started. */
export async function runVisit(title: string, play: (visit: Visit) => Promise<void>): Promise<void> {
  const [url = 'memory:', run = 'alone'] = process.argv.slice(2)
  await runProgram(async () => {
    await withAgent(url, async (opened) => {
      console.log(`\n== ${title}: process ${process.pid}`)
      await play({
        ...opened,
        ada: `ada-${run}`,
        bob: `bob-${run}`,
        async say(person, threadId, text) {
          console.log(`\n[thread ${threadId}]\n${person}: ${text}`)
          console.log(`Agent: ${await opened.agent.say(threadId, text)}`)
        },
      })
    })
  })
}
