import { readFileSync } from 'node:fs'
import { CairnSaver } from '@cairnkit/langgraph'
import { type Lab, labFacts, startLab } from '@cairnkit/redis-lab'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { threadConfig } from '../src/graphs.js'
import { knownTo } from '../src/known-to.js'
import { managedServices } from '../src/managed-services.js'
import { type RedisStorage, redisDriver } from '../src/redis-driver.js'
import { setServiceUser } from '../src/service-user.js'
import { refusedTo, resetLog } from './security/least-rights.js'
import { type Wait, wholeLife } from './security/whole-life.js'

/** What clients and drivers try, and do without. */
const TRIED = ['client|setname', 'info']

const { storage } = inject('cell')
const keyPrefix = 'cairn-service'
const user = { username: 'of-a-service', password: 'its-password' }

let lab: Lab | undefined
let canWait: readonly Wait[] = []

beforeAll(async () => {
  if (storage.kind !== 'redis') return
  lab = await startLab(storage.topology, { appendOnly: true })
  canWait = (await knownTo(lab.nodes[0], ['waitaof'])).length > 0 ? ['replicas', 'disks'] : ['replicas']
})
afterAll(async () => await lab?.stop())

/** The storage of the cell, if services are like it. */
function placeOf(topologies: readonly string[]): RedisStorage | undefined {
  return storage.kind === 'redis' && topologies.includes(storage.topology) ? storage : undefined
}

test.for(managedServices)('may do what it publishes: $name', async (service, context) => {
  const place = placeOf(service.topologies)
  if (place === undefined || lab === undefined) return context.skip('the service is not of this kind')
  await setServiceUser(lab, service, user)
  await resetLog(lab)
  await using driver = redisDriver(place, labFacts(lab), keyPrefix, { credentials: user })
  if (service.outcome === 'unsupported') {
    const opened = driver.open()
    await expect(opened).rejects.toMatchObject({ code: 'unsupported', disposition: 'permanent' })
    await expect(opened).rejects.toThrow('the server runs no scripts for this user')
    const read = new CairnSaver(driver).getTuple(threadConfig('a'))
    await expect(read).rejects.toMatchObject({ code: 'unsupported', disposition: 'permanent' })
    return
  }
  const waits = service.waits.filter((wait) => canWait.includes(wait))
  const { commands } = service
  await wholeLife(driver, lab, keyPrefix, { waits, moves: commands.kind === 'all but' })
  const tried = commands.kind === 'listed' ? TRIED.filter((name) => commands.without.includes(name)) : []
  expect((await refusedTo(lab, user)).toSorted()).toEqual(tried.map((name) => `command: ${name}`))
})

test('each service has a row in the documentation', () => {
  const page = readFileSync(new URL('../../../docs/managed-services.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| ([^|]+?) +\|/gm)].map(([, first]) => first)
  expect(rows).toEqual(expect.arrayContaining(managedServices.map(({ name }) => name)))
})
