import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type Cell, cellOfProject } from './cells.js'
import { serveLab } from './lab-on-demand.js'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly cell: Cell
    readonly place: Place
    /** The suites that this run leaves out in this cell, with the reasons. */
    readonly leftOut: Readonly<Record<string, string>>
  }
}

/** Where the storage of a cell is. */
export type Place =
  | { readonly kind: 'process' }
  | { readonly kind: 'directory'; readonly path: string }
  /** Servers that start when a worker first asks for them on this socket, and stay while it is connected. */
  | { readonly kind: 'lab'; readonly socketPath: string }

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
      const served = await serveLab(storage)
      project.provide('place', { kind: 'lab', socketPath: served.socketPath })
      return async () => await served[Symbol.asyncDispose]()
    }
  }
}
