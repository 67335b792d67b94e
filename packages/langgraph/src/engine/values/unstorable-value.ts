import { type WrittenObject, stepTo } from './loadable-classes.js'

/** What LangGraph's serializer writes in the place of what it cannot write: whoever reads it finds this text. */
const FAILURE = Buffer.from('"[unable to serialize, circular reference is too complex to analyze]"', 'utf8')

/** How many values are looked at for the one to name. */
const MAX_LOOKS = 100_000

/** A value that would not come back. `holding` and `path` say which part of it, and never what is in it. */
export class UnstorableValue extends Error {
  override readonly name = 'UnstorableValue'
  readonly holding: string
  /** For example `[3].artifact.wei`; empty for the value itself. */
  readonly path: string
  /** What would become of it, and what to do instead. */
  readonly advice: string

  constructor(holding: string, path: string, advice: string) {
    super(`${holding}${path === '' ? '' : ` at ${path}`}: ${advice}`)
    this.holding = holding
    this.path = path
    this.advice = advice
  }

  /** The same within the value that holds it. */
  within(path: string): UnstorableValue {
    return new UnstorableValue(this.holding, `${path}${this.path}`, this.advice)
  }
}

const NOT_WRITTEN =
  "LangGraph's serializer would store a text that says so in its place. " +
  'Store it as a string, or give the saver a serde that can write it'

const NOT_READ =
  'LangChain could write it and not make it again, and the thread could not be read any more. ' +
  'Store it as plain data, as an object of a class of LangChain, or give the saver a serde that knows the class'

/** For an object of a class that LangChain does not know. */
export function unknownClass({ id, path }: WrittenObject): UnstorableValue {
  return new UnstorableValue(`an object of class ${JSON.stringify(id.join('/'))}`, path, NOT_READ)
}

/** Throws `UnstorableValue` when the serializer has failed on `value`, which it says in what it wrote. */
export function refuseFailure(written: Uint8Array, value: unknown): void {
  if (written.length !== FAILURE.length || Buffer.compare(written, FAILURE) !== 0) return
  const path = pathOfBigInt(value)
  throw path === undefined
    ? new UnstorableValue('something that cannot be written as JSON', '', NOT_WRITTEN)
    : new UnstorableValue('a BigInt', path, NOT_WRITTEN)
}

function pathOfBigInt(value: unknown): string | undefined {
  return pathTo(value, (part) => typeof part === 'bigint')
}

/** The path to the first part that is wanted; `undefined` if none is found. */
export function pathTo(value: unknown, isWanted: (part: unknown) => boolean): string | undefined {
  const seen = new Set<object>()
  const search = (part: unknown, path: string): string | undefined => {
    if (isWanted(part)) return path
    if (typeof part !== 'object' || part === null || seen.has(part) || seen.size > MAX_LOOKS) return undefined
    seen.add(part)
    for (const [step, inner] of partsOf(part)) {
      const found = search(inner, `${path}${step}`)
      if (found !== undefined) return found
    }
    return undefined
  }
  return search(value, '')
}

/** The parts of an object, each with the step to it. Of a message its fields, and not what it was constructed with. */
function partsOf(value: object): (readonly [step: string, part: unknown])[] {
  if (Array.isArray(value)) return value.map((part: unknown, at) => [`[${at}]`, part])
  if (value instanceof Map)
    return [...value].map(([key, part]) => [`.get(${JSON.stringify(String(key))})`, part])
  if (value instanceof Set) return [...value].map((part, at) => [`[${at}]`, part])
  return Object.entries(value)
    .filter(([key]) => key !== 'lc_kwargs')
    .map(([key, part]) => [stepTo(key), part])
}
