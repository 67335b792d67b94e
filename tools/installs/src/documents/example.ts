/** A program of a document, apart from the way in which it is written down. */
export interface Example {
  readonly imports: readonly Import[]
  readonly body: string
}

interface Import {
  readonly names: string
  readonly from: string
}

/** The URL in the README's example. */
const README_URL = "'lmdb:./memory'"

export function parseExample(code: string): Example {
  const pattern = /^import \{ ([^}]+) \} from '([^']+)'\n/gm
  const imports = [...code.matchAll(pattern)].map(([, names = '', from = '']) => ({ names, from }))
  const body = code.replaceAll(pattern, '').trim()
  if (/^import /m.test(body))
    throw new Error(`An import is written in a way that is not understood:\n${body}`)
  return { imports, body }
}

/** The same program on another storage: what the README says is that only the URL changes. */
export function withUrl(example: Example, url: string): Example {
  return { ...example, body: replaceUrl(example.body, `'${url}'`) }
}

/** The same program for a bundle, with the driver named. */
export function withDriver(example: Example, url: string, driver: Import): Example {
  const body = replaceUrl(example.body, `'${url}', { drivers: [${driver.names}] }`)
  return { imports: [...example.imports, driver], body }
}

function replaceUrl(body: string, argument: string): string {
  if (!body.includes(README_URL)) throw new Error(`The example connects to something else than ${README_URL}`)
  return body.replace(README_URL, argument)
}

/** As it stands in the README. */
export function asModule({ imports, body }: Example): string {
  return `${imports.map(({ names, from }) => `import { ${names} } from '${from}'`).join('\n')}\n\n${body}\n`
}

/** Without `await` outside of a function: for a bundle in either format. */
export function asEntry({ imports, body }: Example): string {
  return asModule({ imports, body: inFunction(body) })
}

export function asCommonJs({ imports, body }: Example): string {
  const requires = imports.map(({ names, from }) => `const { ${names} } = require('${from}')`)
  return `${requires.join('\n')}\n\n${inFunction(body)}\n`
}

function inFunction(body: string): string {
  return `async function main() {\n${body}\n}\n\nmain()`
}
