import { objectId } from '@cairnkit/core/driver'
import type { Mutation, ObjectId, StoredObject, StoredRecord } from '@cairnkit/core/driver'
import fc from 'fast-check'

/** What somebody writes who keeps the rules of the storage, so that every checksum is right, and knows no checkpoints. */
export type Nonsense =
  /** Another value at one place of the JSON that a record begins with. */
  | { readonly type: 'header'; readonly record: number; readonly at: number; readonly by: unknown }
  | { readonly type: 'bytes'; readonly record: number; readonly at: number; readonly by: Uint8Array }
  | { readonly type: 'references'; readonly record: number; readonly at: number; readonly object: number }
  /** An object with other bytes, under the name that those have, in the place of one that a record refers to. */
  | {
      readonly type: 'object'
      readonly record: number
      readonly at: number
      readonly from: number
      readonly by: string
    }

const index = fc.nat(10_000)
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    -1,
    0,
    1,
    1e12,
    0.5,
    '',
    'length',
    'n',
    'o',
    '__proto__',
    true,
    [],
    {},
    [[]],
    [null],
  ),
  fc.jsonValue({ maxDepth: 2 }),
)

export const nonsense: fc.Arbitrary<Nonsense> = fc.oneof(
  fc.record({ type: fc.constant('header' as const), record: index, at: index, by: odd }),
  fc.record({
    type: fc.constant('bytes' as const),
    record: index,
    at: index,
    by: fc.uint8Array({ maxLength: 8 }),
  }),
  fc.record({ type: fc.constant('references' as const), record: index, at: index, object: index }),
  fc.record({
    type: fc.constant('object' as const),
    record: index,
    at: index,
    from: index,
    by: fc.oneof(
      fc.constantFrom('', '[]', '[1]', '{}', 'null', '[[[', '~x', '\x00', '\xff\xff'),
      fc.string(),
    ),
  }),
)

/** The version and the length of the JSON that a record begins with; see `sections.ts` in langgraph. */
const JSON_FROM = 5

export function written(
  records: readonly StoredRecord[],
  objects: ReadonlyMap<ObjectId, StoredObject>,
  one: Nonsense,
): readonly Mutation[] {
  const record = records[one.record % records.length]
  if (record === undefined) return []
  const { key, bytes, refs } = record
  switch (one.type) {
    case 'header': {
      const end = JSON_FROM + Buffer.from(bytes).readUInt32BE(1)
      const json = JSON.parse(Buffer.from(bytes.subarray(JSON_FROM, end)).toString()) as unknown
      const places = placesOf(json)
      const place = places[one.at % places.length]
      if (place === undefined) return []
      Object.defineProperty(place.holder, place.key, { value: one.by, enumerable: true })
      const text = Buffer.from(JSON.stringify(json))
      const head = Buffer.alloc(JSON_FROM)
      head[0] = bytes[0] as number
      head.writeUInt32BE(text.length, 1)
      return [{ type: 'put', key, bytes: Buffer.concat([head, text, bytes.subarray(end)]), refs }]
    }
    case 'bytes': {
      const at = one.at % (bytes.length + 1)
      const rest = bytes.subarray(at + one.by.length)
      return [{ type: 'put', key, bytes: Buffer.concat([bytes.subarray(0, at), one.by, rest]), refs }]
    }
    case 'references': {
      const ids = [...objects.keys()]
      const id = ids[one.object % (ids.length + 1)]
      const at = one.at % (refs.length + 1)
      const changed = [...refs.slice(0, at), ...(id === undefined ? [] : [id]), ...refs.slice(at + 1)]
      return [{ type: 'put', key, bytes, refs: changed }]
    }
    case 'object': {
      const at = one.at % Math.max(1, refs.length)
      const object = objects.get(refs[at] ?? '')
      if (object === undefined) return []
      const kept = object.bytes.subarray(0, one.from % (object.bytes.length + 1))
      const changed = Buffer.concat([kept, Buffer.from(one.by)])
      const id = objectId(changed, object.refs)
      return [
        { type: 'object', id, bytes: changed, refs: object.refs },
        { type: 'put', key, bytes, refs: refs.map((ref, position) => (position === at ? id : ref)) },
      ]
    }
  }
}

/** Every place in JSON that holds a value. */
function placesOf(json: unknown): { readonly holder: object; readonly key: string }[] {
  if (typeof json !== 'object' || json === null) return []
  return Object.entries(json).flatMap(([key, value]) => [{ holder: json, key }, ...placesOf(value)])
}
