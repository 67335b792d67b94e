import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type PackedFile, packFolder } from '../packages/install.js'
import { type Versions, inOrder, printManifest, withVersions } from './manifests.js'
import type { WorkspacePackage } from './workspace.js'

/** A package as it would be published. */
export interface Tarball {
  readonly name: string
  readonly version: string
  /** The path of the file. */
  readonly path: string
  /** In bytes. */
  readonly packedSize: number
  /** In bytes. */
  readonly unpackedSize: number
  readonly files: readonly PackedFile[]
}

/**
 * Packs the built packages into `folder` under these versions, in the order in which they must be published. Their own
 * folders stay as they are: each is packed from a copy of what it publishes.
 */
export async function packAt(
  root: string,
  packages: readonly WorkspacePackage[],
  versions: Versions,
  folder: string,
): Promise<Tarball[]> {
  const tarballs: Tarball[] = []
  for (const { folder: source, manifest } of inOrder(packages)) {
    const copy = join(folder, 'sources', source)
    await mkdir(copy, { recursive: true })
    for (const part of ['dist', 'README.md', 'LICENSE'])
      await cp(join(root, source, part), join(copy, part), { recursive: true })
    await writeFile(join(copy, 'package.json'), printManifest(withVersions(manifest, versions)))
    const { filename, version, size, unpackedSize, files } = await packFolder(manifest.name, copy, folder)
    tarballs.push({
      name: manifest.name,
      version,
      path: join(folder, filename),
      packedSize: size,
      unpackedSize,
      files,
    })
  }
  return tarballs
}

/** What the tarballs contain, for people. */
export function describeTarballs(tarballs: readonly Tarball[]): string {
  const blocks = tarballs.map(({ name, version, packedSize, unpackedSize, files }) => {
    const sizes = `${inKilobytes(packedSize)} packed, ${inKilobytes(unpackedSize)} unpacked`
    const width = Math.max(...files.map(({ path }) => path.length))
    const lines = files.map(({ path, size }) => `    ${path.padEnd(width)}  ${inKilobytes(size).padStart(9)}`)
    return [`  ${name}@${version}: ${sizes}, ${files.length} files`, ...lines].join('\n')
  })
  const total = tarballs.reduce((sum, { packedSize }) => sum + packedSize, 0)
  return [...blocks, `  ${tarballs.length} tarballs, ${inKilobytes(total)} packed`].join('\n')
}

/** 1 kB is 1,000 bytes, as npm says it. */
function inKilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`
}
