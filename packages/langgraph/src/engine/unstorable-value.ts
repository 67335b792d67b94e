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

  constructor(holding: string, path: string) {
    super(`${holding}${path === '' ? '' : ` at ${path}`}`)
    this.holding = holding
    this.path = path
  }
}

/** Throws `UnstorableValue` when the serializer has failed on `value`, which it says in what it wrote. */
export function refuseFailure(written: Uint8Array, value: unknown): void {
  if (written.length !== FAILURE.length || Buffer.compare(written, FAILURE) !== 0) return
  const path = pathOfBigInt(value)
  throw path === undefined
    ? new UnstorableValue('something that cannot be written as JSON', '')
    : new UnstorableValue('a BigInt', path)
}

function pathOfBigInt(value: unknown): string | undefined {
  const seen = new Set<object>()
  const search = (part: unknown, path: string): string | undefined => {
    if (typeof part === 'bigint') return path
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
    .map(([key, part]) => [
      /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`,
      part,
    ])
}
