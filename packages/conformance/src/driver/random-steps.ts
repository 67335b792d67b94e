import {
  type Check,
  type Mutation,
  type ObjectId,
  type ObjectMutation,
  type Read,
  type Tuple,
  lifetimeIn,
} from '@cairnkit/core/driver'
import fc from 'fast-check'
import { drop, object, sweep } from './mutations.js'

/**
 * Random calls, made so that they meet: few keys, few objects, bounds that are keys. Epochs are tokens that no two
 * drivers share, so a plan says which one it means.
 */
export type EpochPlan = 'current' | 'former' | 'none' | 'unknown'

export type CheckPlan =
  Exclude<Check, { type: 'epoch' }> | { readonly type: 'epoch'; readonly plan: EpochPlan }

export interface CommitPlan {
  readonly type: 'commit'
  readonly checks: readonly CheckPlan[]
  readonly mutations: readonly Mutation[]
}

export interface ReadPlan {
  readonly type: 'read'
  readonly reads: readonly Read[]
  readonly known: readonly ObjectId[]
}

export type Step = CommitPlan | ReadPlan | { readonly type: 'drop' }

const leaf = object('leaf')
const other = object(Uint8Array.of(0, 255, 1, 2))
const node = object('node', [leaf.id, other.id])
const twice = object('leaf', [leaf.id, leaf.id])
const top = object('top', [node.id, twice.id])
export const pool: readonly ObjectMutation[] = [leaf, other, node, twice, top]

const element = fc.constantFrom(
  '',
  'a',
  'b',
  'ab',
  'w',
  '\0',
  '\u0001',
  '\u0002',
  '\uff61',
  '\u{10000}',
  '\ud800',
)
const key = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Tuple>(['a'], ['a', 'b'], ['a', 'b', 'w'], ['ab'], ['b', 'w']) },
  { weight: 3, arbitrary: fc.array(element, { minLength: 1, maxLength: 3 }) },
)
const prefix = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Tuple>([], ['a'], ['a', 'b'], ['b']) },
  { weight: 1, arbitrary: fc.array(element, { maxLength: 2 }) },
)
function isShortLife(bytes: Uint8Array): boolean {
  const lifetime = lifetimeIn(bytes)
  return typeof lifetime === 'number' && lifetime < 600_000
}

const content = fc.oneof(
  fc.constantFrom(new Uint8Array(0), Buffer.from('v'), Buffer.from('w'), Uint8Array.of(0, 1, 2, 255)),
  // What decides on an expiry, and what looks like it.
  fc.constantFrom(
    ...['7200000', '10800000', '0', '07200000', '72000000000000000'].map((text) => Buffer.from(text)),
  ),
  // A record may decide when its partition ends: a few milliseconds would be over at any step, or at none.
  fc.uint8Array({ maxLength: 40 }).filter((bytes) => !isShortLife(bytes)),
)
const refs = fc.array(fc.constantFrom(...pool.map(({ id }) => id)), { maxLength: 3 })
const ttlMs = fc.constantFrom(null, 3_600_000)
const expiry = fc.record({
  type: fc.constant('expire' as const),
  ttlMs: fc.constantFrom(null, 3_600_000, 'unchanged' as const),
  decidedBy: fc.array(key, { maxLength: 3 }),
  ifNone: fc.oneof({ weight: 2, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
})

const record = fc
  .record({
    type: fc.constantFrom('put' as const, 'insert' as const),
    key,
    bytes: content,
    refs,
    whole: fc.nat(4),
  })
  .map(({ whole, ...mutation }): Mutation[] => [
    // Mostly with all that it refers to: what ends in a missing object shows little else.
    ...(whole > 0 ? closureOf(mutation.refs) : []),
    mutation,
  ])

const mutation: fc.Arbitrary<Mutation[]> = fc.oneof(
  { weight: 8, arbitrary: record },
  { weight: 2, arbitrary: key.map((at): Mutation[] => [{ type: 'delete', key: at }]) },
  { weight: 2, arbitrary: bounded(key).map((range): Mutation[] => [{ type: 'deleteRange', ...range }]) },
  { weight: 2, arbitrary: fc.constantFrom(...pool).map((held): Mutation[] => [held]) },
  { weight: 1, arbitrary: fc.constant<Mutation[]>([sweep]) },
  { weight: 1, arbitrary: ttlMs.map((ms): Mutation[] => [drop(ms)]) },
  { weight: 2, arbitrary: expiry.map((each): Mutation[] => [each]) },
)

const check: fc.Arbitrary<CheckPlan> = fc.oneof(
  fc.record({
    type: fc.constant('epoch' as const),
    plan: fc.constantFrom<EpochPlan>('current', 'current', 'former', 'none', 'unknown'),
  }),
  fc.record({ type: fc.constantFrom('absent' as const, 'present' as const), key }),
  fc.record({ type: fc.constant('equals' as const), key, bytes: content, refs }),
  fc.record({
    type: fc.constant('last' as const),
    prefix,
    key: fc.option(key, { nil: null, freq: 4 }),
  }),
  fc.record({
    type: fc.constant('head' as const),
    prefix,
    elements: fc.array(fc.option(element, { nil: null, freq: 4 }), { maxLength: 3 }),
  }),
  fc.constant({ type: 'undropped' as const }),
)

export const commitPlan: fc.Arbitrary<CommitPlan> = fc.record({
  type: fc.constant('commit' as const),
  checks: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(check, { maxLength: 3 }) },
  ),
  mutations: fc.array(mutation, { maxLength: 6 }).map((each) => each.flat()),
})

const follow = fc.constantFrom('none' as const, 'all' as const)
const limit = fc.option(fc.nat(4), { nil: undefined, freq: 2 })

const read: fc.Arbitrary<Read> = fc.oneof(
  fc.record({ type: fc.constant('get' as const), key, follow }),
  fc.tuple(bounded(key), limit, fc.boolean(), follow).map(([range, most, reverse, how]): Read => ({
    type: 'range',
    ...range,
    ...paged(most),
    reverse,
    follow: how,
  })),
  fc
    .tuple(bounded(element), limit, fc.boolean(), follow, fc.boolean())
    .map(([range, most, reverse, how, orphans]): Read => ({
      type: 'groups',
      ...range,
      ...paged(most),
      reverse,
      follow: how,
      orphans,
    })),
  fc
    .tuple(bounded(element), limit, fc.boolean())
    .map(([range, most, reverse]): Read => ({ type: 'names', ...range, ...paged(most), reverse })),
  prefix.map((at): Read => ({ type: 'count', prefix: at })),
  fc.record({ type: fc.constant('objects' as const), ids: refs, follow }),
  fc.constant<Read>({ type: 'info' }),
)

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: commitPlan },
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constant('read' as const),
        reads: fc.array(read, { minLength: 1, maxLength: 4 }),
        known: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: refs }),
      }),
    },
    { weight: 1, arbitrary: fc.constant<Step>({ type: 'drop' }) },
  ),
  { minLength: 1, maxLength: 12 },
)

/** Everything that can be read of a partition; the whole closure of each record apart, for one may be damaged. */
export const finalReads: readonly ReadPlan[] = [
  {
    type: 'read',
    known: [],
    reads: [
      { type: 'info' },
      { type: 'range', prefix: [] },
      { type: 'objects', ids: pool.map(({ id }) => id) },
      { type: 'groups', prefix: ['a'], orphans: true },
      { type: 'names', prefix: [] },
    ],
  },
  { type: 'read', known: [], reads: [{ type: 'range', prefix: [], follow: 'all' }] },
]

function bounded<Bound>(
  bound: fc.Arbitrary<Bound>,
): fc.Arbitrary<{ prefix: Tuple; from?: Bound; until?: Bound }> {
  return fc.tuple(prefix, fc.option(bound), fc.option(bound)).map(([below, from, until]) => ({
    prefix: below,
    ...(from === null ? {} : { from }),
    ...(until === null ? {} : { until }),
  }))
}

function paged(most: number | undefined): { limit?: number } {
  return most === undefined ? {} : { limit: most }
}

function closureOf(ids: readonly string[]): ObjectMutation[] {
  const found = pool.filter(({ id }) => ids.includes(id))
  return found.flatMap((each) => [...closureOf(each.refs ?? []), each])
}
