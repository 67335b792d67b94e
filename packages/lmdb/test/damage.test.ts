import { type Mutation, type Read, objectId } from '@cairnkit/core/driver'
import { createLmdbDriver } from '@cairnkit/lmdb'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Entry } from '../src/access.js'
import { partitionHash } from '../src/layout.js'
import { temporaryFolder } from './support/folder.js'
import { inDatabase } from './support/tamper.js'

/** What somebody does to one entry of the database. */
type Damage =
  | { readonly type: 'delete'; readonly at: number }
  | { readonly type: 'truncate'; readonly at: number; readonly keep: number }
  | { readonly type: 'flip'; readonly at: number; readonly byte: number; readonly mask: number }
  | { readonly type: 'flip key'; readonly at: number; readonly byte: number; readonly mask: number }
  | { readonly type: 'swap'; readonly at: number; readonly other: number }
  | { readonly type: 'insert'; readonly at: number; readonly keep: number; readonly bytes: Uint8Array }

const at = fc.nat(1000)
const mask = fc.oneof(fc.constantFrom(1, 0xff), fc.integer({ min: 1, max: 255 }))
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ type: fc.constant('delete' as const), at }),
  fc.record({ type: fc.constant('truncate' as const), at, keep: fc.nat(60) }),
  fc.record({ type: fc.constant('flip' as const), at, byte: fc.nat(60), mask }),
  fc.record({ type: fc.constant('flip key' as const), at, byte: fc.nat(60), mask }),
  fc.record({ type: fc.constant('swap' as const), at, other: at }),
  fc.record({
    type: fc.constant('insert' as const),
    at,
    keep: fc.nat(60),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
  }),
)

/** Kind, partition, and for a record its node: what stands before it is not part of a name. */
const OWN_KEY_FROM = 17
const RECORD = 3

function damageOf(
  entries: readonly Entry[],
  one: Damage,
): readonly { readonly key: Uint8Array; readonly value?: Uint8Array }[] {
  const entry = entries[one.at % entries.length] as Entry
  switch (one.type) {
    case 'delete':
      return [{ key: entry.key }]
    case 'truncate':
      return [{ key: entry.key, value: entry.value.slice(0, one.keep % entry.value.length) }]
    case 'flip':
      return [{ key: entry.key, value: flipped(entry.value, one.byte % entry.value.length, one.mask) }]
    case 'flip key': {
      const span = entry.key.length - OWN_KEY_FROM
      if (span <= 0) return []
      const key = flipped(entry.key, OWN_KEY_FROM + (one.byte % span), one.mask)
      return [{ key: entry.key }, { key, value: entry.value }]
    }
    case 'swap':
      return [{ key: entry.key, value: (entries[one.other % entries.length] as Entry).value }]
    case 'insert': {
      const kept = entry.key.subarray(0, Math.max(OWN_KEY_FROM, one.keep % entry.key.length))
      return [{ key: Uint8Array.from([...kept, ...one.bytes]), value: entry.value }]
    }
  }
}

function flipped(bytes: Uint8Array, at: number, mask: number): Uint8Array {
  const changed = Uint8Array.from(bytes)
  changed[at] = (changed[at] as number) ^ mask
  return changed
}

/** Groups with members, a long key, and objects in a chain. */
function filling(): Mutation[] {
  const leaf = Buffer.from('leaf')
  const top = Buffer.from('top')
  const leafId = objectId(leaf)
  const topId = objectId(top, [leafId])
  const record = (key: readonly string[], refs: readonly string[] = []): Mutation => ({
    type: 'put',
    key,
    bytes: Buffer.from(`value of ${key.join('/').slice(0, 40)}`),
    refs,
  })
  return [
    { type: 'object', id: leafId, bytes: leaf },
    { type: 'object', id: topId, bytes: top, refs: [leafId] },
    ...['1', '2', '3'].flatMap((id) => [
      record(['c', '', id], [topId]),
      record(['c', '', id, 'w', 't', '0'], [leafId]),
    ]),
    record(['c', 'ns', '1'], [topId]),
    record(['c', `long${'g'.repeat(3000)}`, '1'], [leafId]),
  ]
}

const everything: Read = { type: 'range', prefix: [], follow: 'all' }

const reads: readonly Read[] = [
  { type: 'groups', prefix: ['c', ''], limit: 1, reverse: true, follow: 'all' },
  { type: 'groups', prefix: ['c', ''], follow: 'all', orphans: true },
  everything,
  { type: 'names', prefix: ['c'] },
  { type: 'get', key: ['c', '', '2'], follow: 'all' },
]

it('entries that are damaged at random are given as they were stored, or named as damaged', async () => {
  const path = temporaryFolder()
  await using driver = createLmdbDriver({ path })
  for (const id of ['p', 'q']) await driver.commit(id, { mutations: filling() })
  const entries = await entriesOf(path)
  const expected = await Promise.all(reads.map(async (read) => textOf(await driver.read('p', [read]))))
  const tally = { exact: 0, refused: 0, lostUnseen: 0 }
  const trial = async (damages: readonly Damage[]): Promise<void> => {
    await write(path, [...(await entriesOf(path)).map(({ key }) => ({ key })), ...entries])
    await write(
      path,
      damages.flatMap((one) => damageOf(entries, one)),
    )
    const left = new Set((await entriesOf(path)).map(({ key }) => Buffer.from(key).toString('hex')))
    const isRecordLost = entries.some(
      ({ key }) => key[0] === RECORD && !left.has(Buffer.from(key).toString('hex')),
    )
    const own = new Set(entries.map(({ key }) => Buffer.from(key).toString('hex')))
    const isKeyAdded = [...left].some((key) => !own.has(key))
    for (const [position, read] of reads.entries()) {
      const answer = await driver.read('p', [read]).then(textOf, (cause: unknown) => driver.classify(cause))
      if (typeof answer !== 'string') {
        if (!/corrupt|format/.test(answer.code)) throw new Error(`${read.type} failed with ${answer.code}`)
        tally.refused += 1
      } else if (answer === expected[position]) tally.exact += 1
      else {
        // A whole record that is gone leaves no trace, and names are read from keys alone: who goes on to read what is
        // below such a name is told. Nothing else may go unseen.
        if (!isRecordLost && !(read.type === 'names' && isKeyAdded))
          throw new Error(`${read.type} gave a wrong value: ${answer}`)
        tally.lostUnseen += 1
      }
    }
    expect(textOf(await driver.read('q', [everything]))).toBe(expected[reads.indexOf(everything)])
    await driver.drop('p')
    expect(await driver.read('p', [{ type: 'info' }])).toMatchObject([{ epoch: null, records: 0 }])
  }
  await fc.assert(fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 2 }), trial), {
    numRuns: 400,
    interruptAfterTimeLimit: 4000,
    endOnFailure: true,
  })
  expect(tally.exact).toBeGreaterThan(0)
  expect(tally.refused).toBeGreaterThan(0)
})

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    item instanceof Uint8Array
      ? Buffer.from(item).toString('latin1')
      : item instanceof Map
        ? [...(item as ReadonlyMap<unknown, unknown>)]
        : item,
  )
}

async function write(
  path: string,
  changes: readonly { readonly key: Uint8Array; readonly value?: Uint8Array }[],
): Promise<void> {
  await inDatabase(path, (access) => {
    for (const { key, value } of changes) {
      if (value === undefined) access.remove(key)
      else access.put(key, value)
    }
  })
}

/** What the database holds of the partition that is damaged. */
function entriesOf(path: string): Promise<Entry[]> {
  return inDatabase(path, (access) => {
    const hash = Buffer.from(partitionHash('p'))
    const all = [...access.entries({ from: Uint8Array.of(1), until: Uint8Array.of(255) })]
    return all
      .filter(({ key }) => hash.equals(key.subarray(1, OWN_KEY_FROM)))
      .map(({ key, value }) => ({ key: Uint8Array.from(key), value: Uint8Array.from(value) }))
  })
}
