import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { importsOf } from './imports.js'
import { judgeImport } from './judge-import.js'
import { judgeManifest } from './judge-manifest.js'
import type { Manifest } from './judge-manifest.js'
import type { PackageRule } from './table.js'
import type { Violation } from './violation.js'

/** Checks every package and tool below `root` against the table, sources and manifests. */
export async function checkBoundaries(
  root: string,
  table: Readonly<Record<string, PackageRule>>,
): Promise<Violation[]> {
  const violations: Violation[] = []
  for (const folder of await packageFolders(root)) {
    const manifestFile = `${folder}/package.json`
    const manifest = await readFile(join(root, manifestFile), 'utf8')
    const rule = table[folder]
    if (rule === undefined) {
      violations.push({
        file: manifestFile,
        line: 1,
        message: `the table of boundaries has no rule for ${folder}`,
      })
      continue
    }
    violations.push(...judgeManifest(rule, manifestFile, manifest))
    const packageName = (JSON.parse(manifest) as Manifest).name
    for (const file of await sourceFiles(root, folder)) {
      for (const site of importsOf(file, await readFile(join(root, file), 'utf8'))) {
        const message = judgeImport(rule, { folder, packageName, file }, site)
        if (message !== undefined) violations.push({ file, line: site.line, message })
      }
    }
  }
  return violations
}

async function packageFolders(root: string): Promise<string[]> {
  const folders: string[] = []
  for (const parent of ['packages', 'tools']) {
    if (!existsSync(join(root, parent))) continue
    for (const name of (await readdir(join(root, parent))).sort()) {
      if (existsSync(join(root, parent, name, 'package.json'))) folders.push(`${parent}/${name}`)
    }
  }
  return folders
}

async function sourceFiles(root: string, folder: string): Promise<string[]> {
  const files: string[] = []
  for (const part of ['src', 'test']) {
    if (!existsSync(join(root, folder, part))) continue
    const names = await readdir(join(root, folder, part), { recursive: true })
    files.push(
      ...names
        .filter((name) => /\.[cm]?[jt]sx?$/.test(name))
        .map((name) => `${folder}/${part}/${name.replaceAll('\\', '/')}`),
    )
  }
  return files.sort()
}
