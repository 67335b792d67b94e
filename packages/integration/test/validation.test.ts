import { CairnSaver } from '@cairnkit/langgraph'
import { deltaChannelHistoryTests, validate } from '@langchain/langgraph-checkpoint-validation'
import { afterAll } from 'vitest'
import { type CellUnderTest, openCell } from '../src/cell-under-test.js'

/** LangGraph's own suite, unmodified. It lists all threads, so each checkpointer gets a storage of its own. */
const cells = new Map<CairnSaver, CellUnderTest>()
let opened = 0

const initializer = {
  checkpointerName: 'CairnSaver',
  createCheckpointer: async () => {
    opened += 1
    const cell = await openCell(`validation-${opened}`)
    const saver = new CairnSaver(cell.driver())
    cells.set(saver, cell)
    return saver
  },
  destroyCheckpointer: async (saver: CairnSaver) => {
    await cells.get(saver)?.[Symbol.asyncDispose]()
    cells.delete(saver)
  },
}

validate(initializer)
deltaChannelHistoryTests(initializer)

afterAll(() => {
  if (cells.size > 0) throw new Error(`${cells.size} checkpointers were not destroyed`)
})
