import { readFileSync } from 'node:fs'
import type { StorageDriver } from '@cairnkit/core'
import { CairnSaver } from '@cairnkit/langgraph'
import { type Lab, labFacts, startLab } from '@cairnkit/redis-lab'
import { type TestContext, afterAll, beforeAll, expect, inject, test } from 'vitest'
import { threadConfig } from '../src/graphs.js'
import { knownTo } from '../src/known-to.js'
import { type ManagedService, managedServices } from '../src/managed-services.js'
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

/** A driver of a user who may do what the service publishes. */
async function driverOf(
  service: ManagedService,
  context: TestContext,
): Promise<{ readonly driver: StorageDriver; readonly lab: Lab }> {
  const place = placeOf(service.topologies)
  if (place === undefined || lab === undefined) return context.skip('the service is not of this kind')
  await setServiceUser(lab, service, user)
  await resetLog(lab)
  return { driver: redisDriver(place, labFacts(lab), keyPrefix, { credentials: user }), lab }
}

test.for(managedServices.filter(({ outcome }) => outcome === 'works'))(
  'what it publishes is enough: $name',
  async (service, context) => {
    const { driver, lab: servers } = await driverOf(service, context)
    await using _ = driver
    const waits = service.waits.filter((wait) => canWait.includes(wait))
    const { commands } = service
    await wholeLife(driver, servers, keyPrefix, { waits, moves: commands.kind === 'all but' })
    const tried = commands.kind === 'listed' ? TRIED.filter((name) => commands.without.includes(name)) : []
    expect((await refusedTo(servers, user)).toSorted()).toEqual(tried.map((name) => `command: ${name}`))
  },
)

test.for(managedServices.filter(({ outcome }) => outcome === 'unsupported'))(
  'opening and the first call say that there are no scripts: $name',
  async (service, context) => {
    const { driver } = await driverOf(service, context)
    await using _ = driver
    const unsupported = { code: 'unsupported', disposition: 'permanent' }
    const opened = driver.open()
    await expect(opened).rejects.toMatchObject(unsupported)
    await expect(opened).rejects.toThrow('the server runs no scripts for this user')
    await expect(new CairnSaver(driver).getTuple(threadConfig('a'))).rejects.toMatchObject(unsupported)
  },
)

test('each service has a row in the documentation', () => {
  const page = readFileSync(new URL('../../../docs/managed-services.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| ([^|]+?) +\|/gm)].map(([, first]) => first)
  expect(rows).toEqual(expect.arrayContaining(managedServices.map(({ name }) => name)))
})
