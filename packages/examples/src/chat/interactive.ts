import { createInterface } from 'node:readline'
import type { ChatAgent } from './agent.js'
import { historyTable, shown } from './printing.js'
import { withAgent } from './with-agent.js'

const commands = '/history shows the checkpoints, /forget deletes the thread, /quit ends'

/** Lets a person talk to the agent until `/quit`, Ctrl-C or the end of the input. */
export async function converse(url: string, threadId: string): Promise<void> {
  await withAgent(url, async ({ agent, modelName }) => {
    console.log(`Storage: ${shown(url)}\nModel: ${modelName}\nThread: ${threadId}\n${commands}`)
    await eachLine((line) => respond(agent, threadId, line))
  })
}

/** What to print for a line; `undefined` ends the conversation. */
async function respond(agent: ChatAgent, threadId: string, line: string): Promise<string | undefined> {
  switch (line) {
    case '/quit':
      return undefined
    case '/history': {
      const history = await agent.history(threadId)
      return history.length === 0 ? 'Nothing was said in this thread.' : historyTable(history)
    }
    case '/forget':
      await agent.forget(threadId)
      return 'Forgotten.'
    default:
      return line.startsWith('/') ? commands : `Agent: ${await agent.say(threadId, line)}`
  }
}

async function eachLine(answer: (line: string) => Promise<string | undefined>): Promise<void> {
  const terminal = process.stdin.isTTY === true
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal, prompt: '\nYou: ' })
  try {
    if (terminal) lines.prompt()
    for await (const line of lines) {
      const text = line.trim()
      const response = text === '' ? '' : await answer(text)
      if (response === undefined) return
      if (response !== '') console.log(response)
      if (terminal) lines.prompt()
    }
  } finally {
    // Left open, a terminal keeps the process alive.
    lines.close()
  }
}
