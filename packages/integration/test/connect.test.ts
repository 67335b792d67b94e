import { connect } from '@cairnkit/connect'
import { StorageError } from '@cairnkit/core'
import { CairnSaver } from '@cairnkit/langgraph'
import { expect, inject, test } from 'vitest'
import { askForLab } from '../src/lab-on-demand.js'
import { chatGraph, human, textsOf, threadConfig } from '../src/graphs.js'

/** What a person would paste: the whole address in one URL. Not a `URL`: that class knows one host only. */
async function urlOfCell(): Promise<string> {
  const { storage } = inject('cell')
  const place = inject('place')
  switch (place.kind) {
    case 'process':
      return 'memory:'
    case 'directory':
      return `lmdb://${place.path}/by-url`
    case 'lab': {
      const { url } = await askForLab(place.socketPath)
      const client = storage.kind === 'redis' ? storage.client : 'ioredis'
      return `${url}${url.includes('?') ? '&' : '?'}client=${client}&keyPrefix=cairn-by-url`
    }
  }
}

test('a URL is all that a program needs to change', async () => {
  await using driver = await connect(await urlOfCell())
  await chatGraph(new CairnSaver(driver)).invoke(human('one'), threadConfig('by url'))
  const { messages } = await chatGraph(new CairnSaver(driver)).invoke(human('two'), threadConfig('by url'))
  expect(textsOf(messages)).toEqual(['one', 'answer 1', 'two', 'answer 3'])
})

test('a URL of a server that is not there fails in time and names no secret', async (context) => {
  if (inject('place').kind !== 'lab') return context.skip('there is no server that could be missing')
  // No server of a lab listens on a port as low as this.
  const nowhere = (await urlOfCell()).replaceAll(/(127\.0\.0\.1|localhost):\d+/g, '$1:9')
  const withSecret = nowhere.replace(/:\/\/(?:[^@/]*@)?/, '://user:hunter2@')
  const startedAt = performance.now()
  const failure: unknown = await connect(`${withSecret}&connectTimeoutMs=1000`).then(
    async (driver) => await driver.close(),
    (cause: unknown) => cause,
  )
  expect(performance.now() - startedAt).toBeLessThan(30_000)
  if (!StorageError.isInstance(failure)) throw failure
  expect(failure.code).toBe('unavailable')
  expect(failure.message).not.toContain('hunter2')
})
