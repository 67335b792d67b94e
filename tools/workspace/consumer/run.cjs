const { connect } = require('@cairnkit/connect')
const { CairnSaver } = require('@cairnkit/langgraph')
const { createMemoryDriver } = require('@cairnkit/memory')
const { emptyCheckpoint } = require('@langchain/langgraph-checkpoint')
const { doors, remember } = require('./scenario.cjs')

async function main() {
  await remember({ CairnSaver, createMemoryDriver, emptyCheckpoint })
  const driver = await connect('memory:')
  await remember({ CairnSaver, createMemoryDriver: () => driver, emptyCheckpoint })
  console.log(`CommonJS: ${doors.length} doors, a checkpoint stored and read`)
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
