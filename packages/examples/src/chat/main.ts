/**
 * `npm run demo`: a chat agent that remembers what it was told, also when its process has ended meanwhile.
 *
 * Start with `agent.ts`: it is all that a program of your own needs.
 */
import { readArguments, usage } from './arguments.js'
import { converse } from './interactive.js'
import { playStory } from './play-story.js'
import { runProgram } from './run-program.js'

await runProgram(async () => {
  const chosen = readArguments(process.argv.slice(2))
  switch (chosen.mode) {
    case 'help':
      console.log(usage)
      return
    case 'story':
      await playStory(chosen.url)
      return
    case 'interactive':
      await converse(chosen.url, chosen.threadId)
      return
  }
})
