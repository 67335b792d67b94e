import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LabFacts, labFacts, startLab } from '@cairnkit/redis-lab'
import type { TestProject } from 'vitest/node'
import { type Cell, cellOfProject } from './cells.js'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly cell: Cell
    readonly place: Place
  }
}

/** Where the storage of a cell is. */
export type Place =
  | { readonly kind: 'process' }
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'lab'; readonly facts: LabFacts }

/** Gives each cell a storage of its own, so that one cell's faults and load never reach another. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { storage } = cellOfProject(project.name)
  switch (storage.kind) {
    case 'memory':
      project.provide('place', { kind: 'process' })
      return async () => {}
    case 'lmdb': {
      const path = await mkdtemp(join(tmpdir(), 'cairn-lmdb-'))
      project.provide('place', { kind: 'directory', path })
      return async () => await rm(path, { recursive: true, force: true })
    }
    case 'redis': {
      const lab = await startLab(storage.topology)
      project.provide('place', { kind: 'lab', facts: labFacts(lab) })
      return async () => await lab.stop()
    }
  }
}
