import { existsSync } from 'node:fs'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type LockFile,
  type Manifest,
  type Versions,
  lockWithVersions,
  printManifest,
  withVersions,
} from './manifests.js'

/** A package of the workspace. */
export interface WorkspacePackage {
  /** Relative to the root, with a slash: `packages/core`. */
  readonly folder: string
  readonly manifest: Manifest & { readonly name: string; readonly version: string }
}

/** Every package of the workspace, private ones too, sorted by folder. */
export async function workspacePackages(root: string): Promise<WorkspacePackage[]> {
  const found: WorkspacePackage[] = []
  for (const parent of ['packages', 'tools'])
    for (const entry of (await readdir(join(root, parent))).sort()) {
      const folder = `${parent}/${entry}`
      if (!existsSync(join(root, folder, 'package.json'))) continue
      const manifest = (await readJson(join(root, folder, 'package.json'))) as WorkspacePackage['manifest']
      found.push({ folder, manifest })
    }
  return found
}

/** Those of them that are published. */
export function published(packages: readonly WorkspacePackage[]): WorkspacePackage[] {
  return packages.filter(({ manifest }) => manifest.private !== true)
}

/** The versions that the published packages have. */
export function versionsOf(packages: readonly WorkspacePackage[]): Versions {
  return Object.fromEntries(published(packages).map(({ manifest }) => [manifest.name, manifest.version]))
}

/**
 * Makes the private packages and the lock file name the versions that the published packages have now. Resolves to the
 * files that it changed: without this, npm would look for the old versions in the registry.
 */
export async function alignWorkspace(root: string): Promise<string[]> {
  const packages = await workspacePackages(root)
  const versions = versionsOf(packages)
  const changed: string[] = []
  const rewrite = async (path: string, old: Manifest | LockFile, text: string): Promise<void> => {
    if (text === printManifest(old)) return
    await writeFile(join(root, path), text)
    changed.push(path)
  }
  for (const { folder, manifest } of packages)
    await rewrite(`${folder}/package.json`, manifest, printManifest(withVersions(manifest, versions)))
  const lock = (await readJson(join(root, 'package-lock.json'))) as LockFile
  await rewrite('package-lock.json', lock, printManifest(lockWithVersions(lock, versions)))
  return changed
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'))
}
