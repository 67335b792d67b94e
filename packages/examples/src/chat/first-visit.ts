import { runVisit } from './visit.js'

// Two people talk to the agent, each in a thread of their own.
await runVisit('First visit', async ({ modelName, ada, bob, say }) => {
  console.log(`Model: ${modelName}`)
  await say('Ada', ada, 'Hello, my name is Ada.')
  await say('Ada', ada, 'What is my name?')
  await say('Bob', bob, 'What is my name?')
})
