import { historyTable } from './printing.js'
import { runVisit } from './visit.js'

// Another process on the same storage: Ada goes on where she was.
await runVisit('Second visit', async ({ agent, isDurable, ada, say }) => {
  if (!isDurable) console.log('This storage is the memory of one process: nothing can survive the restart.')
  await say('Ada', ada, 'Do you remember: what is my name?')
  console.log(`\nCheckpoints of thread ${ada}, newest first, as getStateHistory tells them:\n`)
  console.log(historyTable(await agent.history(ada)))
  if (isDurable) {
    console.log(`\nEvery run begins new threads and leaves them stored. To go on with Ada's, add the options`)
    console.log(`--interactive --thread ${ada}`)
  }
})
