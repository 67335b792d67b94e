import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@cairnkit/connect'
import { createMemoryDriver } from '@cairnkit/memory'
import { type TopologyKind, startLab } from '@cairnkit/redis-lab'
import type { CairnStorage } from '../subject/cairn-subject.js'

/** Where programs can run, by the names that the matrix of tests has. */
export const cellNames = [
  'memory | process',
  'lmdb | directory',
  'ioredis | standalone',
  'ioredis | sentinel',
  'ioredis | cluster',
  'node-redis | standalone',
  'node-redis | sentinel',
  'node-redis | cluster',
] as const

export type CellName = (typeof cellNames)[number]

export interface OpenCell extends AsyncDisposable {
  readonly storage: CairnStorage
}

/** Starts what the cell needs; nothing of it is left when it is disposed of. */
export async function openCell(name: CellName): Promise<OpenCell> {
  const [client, where] = name.split(' | ') as [string, string]
  if (client === 'memory') {
    const driver = createMemoryDriver()
    return openedBy([driver, driver], false, async () => await driver.close())
  }
  if (client === 'lmdb') {
    const path = await mkdtemp(join(tmpdir(), 'cairn-programs-'))
    const drivers = await both(`lmdb:${path}`)
    return openedBy(drivers, false, async () => {
      await closeAll(drivers)
      await rm(path, { recursive: true, force: true })
    })
  }
  const lab = await startLab(where as TopologyKind)
  const drivers = await both(`${lab.url}?client=${client}`)
  return openedBy(drivers, where !== 'standalone', async () => {
    await closeAll(drivers)
    await lab.stop()
  })
}

type Drivers = CairnStorage['drivers']

async function both(url: string): Promise<Drivers> {
  return [await connect(url), await connect(url)]
}

async function closeAll(drivers: Drivers): Promise<void> {
  await Promise.all(drivers.map(async (driver) => await driver.close()))
}

function openedBy(drivers: Drivers, hasReplicas: boolean, close: () => Promise<void>): OpenCell {
  return { storage: { drivers, hasReplicas }, [Symbol.asyncDispose]: close }
}
