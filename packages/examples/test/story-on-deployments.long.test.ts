import { afterAll, beforeAll, describe, it } from 'vitest'
import { type RunningLab, startLab } from './support/lab.js'
import { expectToRemember } from './support/story.js'

describe.each(['standalone', 'standalone-tls', 'sentinel', 'cluster'])('the story on %s', (topology) => {
  let lab: RunningLab
  beforeAll(async () => {
    lab = await startLab(topology)
  })
  afterAll(async () => await lab[Symbol.asyncDispose]())

  it.concurrent.each(['ioredis', 'node-redis'])('is remembered through %s', async (client) => {
    await expectToRemember(`${lab.url}${lab.url.includes('?') ? '&' : '?'}client=${client}`)
  })
})
