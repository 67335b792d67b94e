import { posix } from 'node:path'
import type { ImportSite } from './imports.js'
import type { PackageRule } from './table.js'

/** Where an import stands. */
export interface Place {
  /** The package's folder, as the table names it. */
  readonly folder: string
  /** The package's own name; its tests may import it. */
  readonly packageName: string
  /** Path from the root of the repository. */
  readonly file: string
}

/** What is wrong with an import, and what would be right; undefined when the table allows it. */
export function judgeImport(rule: PackageRule, place: Place, site: ImportSite): string | undefined {
  const { specifier } = site
  const isTest = place.file.startsWith(`${place.folder}/test/`)
  if (specifier === undefined) {
    const isOpen = isTest || place.file === `${place.folder}/src/${rule.byName?.file}`
    return isOpen ? undefined : 'loads a module by a computed name; write the name, so that it can be checked'
  }
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(place.file), specifier)
    const door = doorOf(rule, place.folder, target)
    if (door !== undefined && !isTest && doorOf(rule, place.folder, place.file) !== door) {
      return `imports ${specifier}, which belongs to the door ${door}; what that imports, others would have to install`
    }
    if (target.startsWith(`${place.folder}/`)) return behindWall(rule, place, target)
    if (isTest && rule.suitesOf?.some((folder) => target.startsWith(`${folder}/test/`)) === true)
      return undefined
    return `imports ${specifier}, which lies outside ${place.folder}; import the package by its name`
  }
  const name = packageOf(specifier)
  const allowed = isTest ? judgeTest(rule, place, name) : judgeSource(rule, place, name, site.kind)
  return allowed ? undefined : `${verbs[site.kind]} ${specifier}; ${describeRule(place.folder, rule, isTest)}`
}

function judgeSource(rule: PackageRule, place: Place, name: string, kind: ImportSite['kind']): boolean {
  if (name.startsWith('node:')) return name !== 'node:test'
  const door = doorOf(rule, place.folder, place.file)
  if (door !== undefined && rule.doors?.[door]?.includes(name) === true) return true
  if (rule.imports.includes(name) || rule.peers?.includes(name) === true) return true
  return rule.types?.includes(name) === true && (kind === 'type' || kind === 'typeof')
}

/** Tests may use whatever tool they declare; the table rules which packages of the workspace they see. */
function judgeTest(rule: PackageRule, place: Place, name: string): boolean {
  const known = [place.packageName, ...rule.imports, ...packagesByName(rule), ...(rule.tests ?? [])]
  return !name.startsWith('@cairnkit/') || known.includes(name)
}

/** The door of a package that a file belongs to, if it belongs to one. */
function doorOf({ doors = {} }: PackageRule, folder: string, file: string): string | undefined {
  return Object.keys(doors).find((door) => file.startsWith(`${folder}/src/${door}/`))
}

/** What is wrong with an import of the same package, when a room of it does not reach that far. */
function behindWall({ rooms = {} }: PackageRule, place: Place, target: string): string | undefined {
  const source = `${place.folder}/src/`
  const room = Object.keys(rooms).find((name) => place.file.startsWith(`${source}${name}/`))
  if (room === undefined || target.startsWith(`${source}${room}/`)) return undefined
  const reached = rooms[room] ?? []
  const wanted = target.slice(source.length).replace(/\.js$/, '.ts')
  if (reached.some((open) => (open.endsWith('/') ? wanted.startsWith(open) : wanted === open)))
    return undefined
  return `imports ${wanted}; ${source}${room} may import ${list(reached)} of its package`
}

const verbs: Readonly<Record<ImportSite['kind'], string>> = {
  static: 'imports',
  dynamic: 'loads by import()',
  type: 'imports types of',
  typeof: 'takes the type of',
  require: 'requires',
}

/** What the table allows, in words. */
export function describeRule(folder: string, rule: PackageRule, isTest = false): string {
  const parts = [
    ...(isTest
      ? [`${list([...rule.imports, ...packagesByName(rule), ...(rule.tests ?? [])])} of the workspace`]
      : []),
    ...(isTest ? [] : [list(['node: builtins', ...rule.imports, ...(rule.peers ?? [])])]),
    ...(isTest || rule.types === undefined ? [] : [`types of ${list(rule.types)}`]),
    ...(isTest || rule.byName === undefined
      ? []
      : [`${list(rule.byName.packages)} by computed names in ${rule.byName.file}`]),
  ]
  return `${isTest ? `the tests of ${folder}` : folder} may import ${parts.join('; ')}`
}

function packagesByName({ byName }: PackageRule): readonly string[] {
  return byName?.packages ?? []
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ')
}

/** `@scope/name/sub/path` -> `@scope/name`, `node:fs/promises` -> `node:fs`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
