import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from './commands/run-command.js'
import type { Documents, Kind, ProjectName, Site } from './kinds/kind.js'
import { packagesOf } from './kinds/packages-of.js'
import type { Manager, ReadyManager } from './managers/manager.js'
import type { Place } from './place.js'
import type { Cell, Column } from './report/cell.js'
import type { ReadyRuntime, Runtime } from './runtimes/runtimes.js'

export interface MatrixOptions {
  readonly place: Place
  /** The URL of the registry. */
  readonly registry: string
  readonly documents: Documents
  readonly server: EmptyServer
  readonly say: (line: string) => void
}

/** A server of the lab that forgets between two programs. */
export interface EmptyServer {
  readonly url: string
  empty(): Promise<void>
}

/** Installs with one manager after another and tries every kind in what it has installed. */
export class InstallMatrix {
  readonly #options: MatrixOptions

  constructor(options: MatrixOptions) {
    this.#options = options
  }

  /** Tries the kinds with a manager, and resolves to its column. */
  async withManager(manager: Manager, kinds: readonly Kind[]): Promise<Column> {
    let ready: ReadyManager
    try {
      ready = await manager.prepare(this.#options.place, this.#options.registry)
    } catch (error) {
      return this.#absent(manager, kinds, error)
    }
    const projects = new Map<ProjectName, Promise<Project>>()
    const cells = new Map<string, Cell>()
    for (const kind of kinds) {
      const without = kind.without[manager.id]
      const cell: Cell =
        without === undefined
          ? await this.#tryIn(projects, manager, ready, kind, undefined)
          : { state: 'none', reason: without }
      cells.set(kind.id, this.#said(manager.id, kind, cell))
    }
    return { id: manager.id, title: `${manager.name} ${ready.version}`, cells }
  }

  /** Tries the kinds on each runtime, in what npm or another manager installs. */
  async onRuntimes(
    runtimes: readonly Runtime[],
    manager: Manager,
    kinds: readonly Kind[],
  ): Promise<Column[]> {
    const ready = await manager.prepare(this.#options.place, this.#options.registry)
    const projects = new Map<ProjectName, Promise<Project>>()
    const columns: Column[] = []
    for (const runtime of runtimes) {
      let run: ReadyRuntime
      try {
        run = await runtime.prepare(this.#options.place)
      } catch (error) {
        columns.push(this.#absent(runtime, kinds, error))
        continue
      }
      const cells = new Map<string, Cell>()
      for (const kind of kinds) {
        const cell = await this.#tryIn(projects, { id: `runtimes-${manager.id}` }, ready, kind, run)
        cells.set(kind.id, this.#said(runtime.id, kind, cell))
      }
      const title = `${runtime.name} ${run.version}, on what ${manager.name} installed`
      columns.push({ id: runtime.id, title, cells })
    }
    return columns
  }

  async #tryIn(
    projects: Map<ProjectName, Promise<Project>>,
    { id }: Pick<Manager, 'id'>,
    manager: ReadyManager,
    kind: Kind,
    runtime: ReadyRuntime | undefined,
  ): Promise<Cell> {
    const { place, documents, server } = this.#options
    const name = `${id}-${kind.project}`
    const opened = projects.get(kind.project) ?? this.#install(id, manager, kind.project)
    projects.set(kind.project, opened)
    try {
      const project = await opened
      try {
        await project.add(kind.tools)
      } catch (error) {
        return { state: 'absent', reason: messageOf(error) }
      }
      await server.empty()
      const { folder } = project
      const site: Site = { place, name, folder, manager, runtime, documents, url: server.url }
      await kind.check(site)
      return { state: 'passed' }
    } catch (error) {
      return { state: 'failed', reason: messageOf(error) }
    }
  }

  async #install(id: string, manager: ReadyManager, name: ProjectName): Promise<Project> {
    const folder = await this.#options.place.folder('projects', id, name)
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder)
    for (const [file, text] of Object.entries(manager.files)) await writeFile(join(folder, file), text)
    const project = new Project(folder, manager)
    await project.add(packagesOf(name, this.#options.documents.readme))
    return project
  }

  #said(column: string, kind: Kind, cell: Cell): Cell {
    const reason = cell.state === 'passed' ? '' : `: ${cell.reason.split('\n', 1)[0]}`
    this.#options.say(`${column} | ${kind.name}: ${cell.state}${reason}`)
    return cell
  }

  #absent(
    what: { readonly id: string; readonly name: string },
    kinds: readonly Kind[],
    error: unknown,
  ): Column {
    const cell: Cell = { state: 'absent', reason: messageOf(error) }
    const cells = new Map(kinds.map((kind) => [kind.id, this.#said(what.id, kind, cell)]))
    return { id: what.id, title: `${what.name}, not to be had here`, cells }
  }
}

/** A folder to which a manager adds packages. */
class Project {
  readonly folder: string
  readonly #manager: ReadyManager
  readonly #added = new Set<string>()

  constructor(folder: string, manager: ReadyManager) {
    this.folder = folder
    this.#manager = manager
  }

  /** Adds what is not there yet. */
  async add(packages: readonly string[]): Promise<void> {
    const missing = packages.filter((name) => !this.#added.has(name))
    if (missing.length === 0) return
    await runCommand(this.#manager.add(missing), { cwd: this.folder, env: this.#manager.env })
    for (const name of missing) this.#added.add(name)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
