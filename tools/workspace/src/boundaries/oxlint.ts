import { format, resolveConfig } from 'prettier'
import { describeRule } from './judge-import.js'
import type { PackageRule } from './table.js'

// The part of the file that belongs to the table.
function oxlintOverrides(table: Readonly<Record<string, PackageRule>>): unknown[] {
  return Object.entries(table).flatMap(([folder, rule]) => [
    override(`${folder}/src/**`, folder, rule),
    // Behind the rule of the package, so that it counts.
    ...Object.entries(rule.doors ?? {}).map(([door, own]) =>
      override(`${folder}/src/${door}/**`, `${folder}/src/${door}`, asDoor(rule, own)),
    ),
  ])
}

function override(files: string, folder: string, rule: PackageRule): unknown {
  return { files: [files], rules: { 'no-restricted-imports': ['error', restriction(folder, rule)] } }
}

function asDoor(rule: PackageRule, own: readonly string[]): PackageRule {
  const types = (rule.types ?? []).filter((name) => !own.includes(name))
  return { ...rule, types, peers: [...(rule.peers ?? []), ...own] }
}

function restriction(folder: string, rule: PackageRule): unknown {
  const open = [...rule.imports, ...(rule.peers ?? []), ...(rule.types ?? [])]
  const message = describeRule(folder, rule)
  const group = ['*', '!./**', '!../**', '!node:*', '!node:*/**', 'node:test']
  group.push(...open.flatMap((name) => [`!${name}`, `!${name}/**`]))
  const paths = (rule.types ?? []).map((name) => ({ name, allowTypeImports: true, message }))
  return { ...(paths.length > 0 ? { paths } : {}), patterns: [{ group, message }] }
}

/** The linter's configuration with the overrides of the table, as it must stand in the file. */
export async function withOverrides(
  config: string,
  table: Readonly<Record<string, PackageRule>>,
  file: string,
): Promise<string> {
  const parsed = JSON.parse(config) as Record<string, unknown>
  const text = JSON.stringify({ ...parsed, overrides: oxlintOverrides(table) })
  return format(text, { ...(await resolveConfig(file)), parser: 'json' })
}
