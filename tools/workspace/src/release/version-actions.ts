import { join } from 'node:path'
import { type AfterAllProjectsVersioned, VersionActions } from 'nx/release'
import { type Manifest, type Versions, printManifest, withVersions } from './manifests.js'
import { alignWorkspace } from './workspace.js'

type Tree = Parameters<VersionActions['updateProjectVersion']>[0]
type ProjectGraph = Parameters<VersionActions['readDependencies']>[1]

/**
 * How `nx release` reads and writes the versions of the packages. All of them have one version, which is in their
 * manifests, and they need each other in exactly that version.
 */
export default class ManifestVersionActions extends VersionActions {
  readonly validManifestFilenames: string[] = ['package.json']
  /** The manifests are written as npm writes them. */
  override excludeManifestsFromFormatting = true

  async readCurrentVersionFromSourceManifest(
    tree: Tree,
  ): Promise<{ currentVersion: string; manifestPath: string }> {
    const { version } = this.#read(tree)
    if (version === undefined) throw new TypeError(`${this.#path} has no version`)
    return await Promise.resolve({ currentVersion: version, manifestPath: this.#path })
  }

  /** A version comes from the manifests alone, so that a release needs no network until it is published. */
  async readCurrentVersionFromRegistry(): Promise<never> {
    return await Promise.reject(
      new Error('The current version is read from the manifests, not from a registry'),
    )
  }

  async readCurrentVersionOfDependency(
    tree: Tree,
    graph: ProjectGraph,
    project: string,
  ): Promise<{ currentVersion: string | null; dependencyCollection: string | null }> {
    const name = packageOf(graph, project)
    const manifest = this.#read(tree)
    for (const collection of ['dependencies', 'peerDependencies', 'devDependencies'] as const) {
      const range = manifest[collection]?.[name]
      if (range !== undefined) return { currentVersion: range, dependencyCollection: collection }
    }
    return await Promise.resolve({ currentVersion: null, dependencyCollection: null })
  }

  async updateProjectVersion(tree: Tree, version: string): Promise<string[]> {
    const manifest = this.#read(tree)
    this.#write(tree, withVersions(manifest, { [String(manifest.name)]: version }))
    return await Promise.resolve([])
  }

  async updateProjectDependencies(
    tree: Tree,
    graph: ProjectGraph,
    versions: Record<string, string>,
  ): Promise<string[]> {
    const byName = Object.entries(versions).map(([project, version]) => [packageOf(graph, project), version])
    this.#write(tree, withVersions(this.#read(tree), Object.fromEntries(byName) as Versions))
    return await Promise.resolve([])
  }

  get #path(): string {
    return join(this.projectGraphNode.data.root, 'package.json')
  }

  #read(tree: Tree): Manifest {
    const text = tree.read(this.#path, 'utf8')
    if (text === null) throw new TypeError(`There is no ${this.#path}`)
    return JSON.parse(text) as Manifest
  }

  #write(tree: Tree, manifest: Manifest): void {
    tree.write(this.#path, printManifest(manifest))
  }
}

function packageOf(graph: ProjectGraph, project: string): string {
  return graph.nodes[project]?.data.metadata?.js?.packageName ?? project
}

/** Lets the private packages and the lock file follow. */
export const afterAllProjectsVersioned: AfterAllProjectsVersioned = async (root, { dryRun }) => ({
  changedFiles: dryRun === true ? [] : await alignWorkspace(root),
  deletedFiles: [],
})
