/** A program of a document, apart from the way in which it is written down. */
export interface Example {
  readonly imports: readonly Import[]
  readonly body: string
}

interface Import {
  readonly names: string
  readonly from: string
}

/** How the README's example opens its storage. */
const README_STORAGE = "await connect('lmdb:./memory')"

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
  return withStorage(example, `await connect('${url}')`, [])
}

/** The same program for a bundle, with the driver named. */
export function withDriver(example: Example, url: string, driver: Import): Example {
  return withStorage(example, `await connect('${url}', { drivers: [${driver.names}] })`, [driver])
}

/** The same program on a driver that is made by an expression. */
export function withStorage(example: Example, storage: string, imports: readonly Import[]): Example {
  const { body } = example
  if (!body.includes(README_STORAGE)) throw new Error(`The example does not say ${README_STORAGE}`)
  return { imports: [...example.imports, ...imports], body: body.replace(README_STORAGE, storage) }
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
