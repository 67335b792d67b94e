import type { PackageRule } from './table.js'
import type { Violation } from './violation.js'

/** The parts of a package.json that the table rules. */
export interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** Compares what a manifest declares with what the table allows. */
export function judgeManifest(rule: PackageRule, file: string, text: string): Violation[] {
  const manifest = JSON.parse(text) as Manifest
  const always = [...(rule.peers ?? []), ...(rule.types ?? [])]
  const peers = [...always, ...Object.values(rule.doors ?? {}).flat()]
  const byName = rule.byName?.packages ?? []
  const workspace = [...rule.imports, ...byName, ...(rule.tests ?? [])].filter((name) =>
    name.startsWith('@cairnkit/'),
  )
  const sections: readonly [keyof Manifest, readonly string[]][] = [
    ['dependencies', rule.imports],
    ['peerDependencies', [...peers, ...byName]],
    ['optionalDependencies', []],
  ]
  const violations = sections.flatMap(([section, allowed]) =>
    names(manifest, section)
      .filter((name) => !allowed.includes(name))
      .map((name) =>
        violation(file, text, name, `${section} names ${name}; allowed there: ${list(allowed)}`),
      ),
  )
  for (const name of names(manifest, 'devDependencies')) {
    if (!name.startsWith('@cairnkit/') || workspace.includes(name)) continue
    violations.push(
      violation(file, text, name, `devDependencies names ${name}; allowed there: ${list(workspace)}`),
    )
  }
  const onDemand = [...byName, ...peers.filter((name) => !always.includes(name))]
  for (const name of onDemand.filter((name) => names(manifest, 'peerDependencies').includes(name))) {
    if (manifest.peerDependenciesMeta?.[name]?.optional === true) continue
    violations.push(
      violation(file, text, name, `${name} is loaded on demand and must be an optional peer dependency`),
    )
  }
  return violations
}

function names(manifest: Manifest, section: keyof Manifest): string[] {
  return Object.keys(manifest[section] ?? {})
}

function violation(file: string, text: string, name: string, message: string): Violation {
  const line = text.slice(0, text.indexOf(`"${name}"`)).split('\n').length
  return { file, line, message }
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ')
}
