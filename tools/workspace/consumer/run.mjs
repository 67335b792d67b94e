import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { connect } from '@cairnkit/connect'
import { CairnSaver } from '@cairnkit/langgraph'
import { createMemoryDriver } from '@cairnkit/memory'
import { emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { doors, remember } from './scenario.cjs'

await remember({ CairnSaver, createMemoryDriver, emptyCheckpoint })
await remember({ CairnSaver, createMemoryDriver: await connectedTo('memory:'), emptyCheckpoint })

const require = createRequire(import.meta.url)
for (const door of doors) {
  const names = Object.keys(await import(door))
  assert.ok(names.length > 0, `${door} exports nothing`)
  assert.deepEqual(
    names.toSorted(),
    Object.keys(require(door)).toSorted(),
    `${door} differs between ESM and CommonJS`,
  )
}
console.log(`ESM: ${doors.length} doors, a checkpoint stored and read`)

async function connectedTo(url) {
  const driver = await connect(url)
  return () => driver
}
