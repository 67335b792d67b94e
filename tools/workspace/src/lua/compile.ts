import { createHash } from 'node:crypto'
import { Failure } from '../main.js'
import { checkHeader, parseHeader } from './header.js'
import { stripLua } from './strip.js'

/** One script as it is sent to the server. */
export interface CompiledScript {
  readonly name: string
  readonly source: string
  readonly sha1: string
  readonly readOnly: boolean
}

/** The Lua files by name without `.lua`. */
export interface LuaSources {
  readonly verbs: ReadonlyMap<string, string>
  readonly includes: ReadonlyMap<string, string>
}

const directive = /^---\s*@include\s+"?([\w-]+)"?\s*$/

/** Compiles every verb, in the order of their names. Throws with the file's name when one is not sound. */
export function compileScripts(sources: LuaSources): CompiledScript[] {
  const usedIncludes = new Set<string>()
  const scripts = [...sources.verbs.keys()].sort().map((name) => {
    return inFile(`${name}.lua`, () => compileVerb(name, sources, usedIncludes))
  })
  for (const name of sources.includes.keys()) {
    if (!usedIncludes.has(name)) throw new Failure(`includes/${name}.lua: no script includes it`)
  }
  return scripts
}

function compileVerb(name: string, sources: LuaSources, usedIncludes: Set<string>): CompiledScript {
  const text = sources.verbs.get(name) ?? ''
  const header = parseHeader(text)
  const source = stripLua(expand(text, sources.includes, new Set(), usedIncludes, []))
  checkHeader(header, source)
  const sha1 = createHash('sha1').update(source).digest('hex')
  return { name, source, sha1, readOnly: header.readOnly }
}

/** Each helper is pulled in once per script, where it is first asked for. */
function expand(
  text: string,
  includes: ReadonlyMap<string, string>,
  seen: Set<string>,
  usedIncludes: Set<string>,
  trail: readonly string[],
): string {
  return text
    .split('\n')
    .map((line) => {
      const helper = directive.exec(line)?.[1]
      if (helper === undefined) {
        if (line.includes('@include')) throw new Error(`write "--- @include name", not "${line.trim()}"`)
        return line
      }
      if (trail.includes(helper))
        throw new Error(`includes go in a circle: ${[...trail, helper].join(' > ')}`)
      if (seen.has(helper)) return ''
      seen.add(helper)
      usedIncludes.add(helper)
      const body = includes.get(helper)
      if (body === undefined) throw new Error(`includes/${helper}.lua does not exist`)
      return inFile(`includes/${helper}.lua`, () =>
        expand(body, includes, seen, usedIncludes, [...trail, helper]),
      )
    })
    .join('\n')
}

function inFile<T>(file: string, body: () => T): T {
  try {
    return body()
  } catch (cause) {
    throw new Failure(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
