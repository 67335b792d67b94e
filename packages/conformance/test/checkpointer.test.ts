import { CairnSaver } from '@cairnkit/langgraph'
import { createMemoryDriver } from '@cairnkit/memory'
import * as runner from 'vitest'
import { describeCheckpointer } from '../src/checkpointer/describe-checkpointer.js'

const driver = createMemoryDriver()

describeCheckpointer(runner, {
  name: 'CairnSaver on memory',
  createCheckpointer: (options) => new CairnSaver(driver, options),
})

runner.it('leaves nothing behind', async () => {
  const left: string[] = []
  for await (const id of driver.partitions('')) left.push(id)
  runner.expect(left).toEqual([])
})
