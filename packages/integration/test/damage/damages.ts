import fc from 'fast-check'
import { type MemberKind, type Members, kindOf, nameOf } from './members.js'

/** Which member: the `at`-th, modulo how many there are, of those of its kind. */
export interface Choice {
  readonly kind: MemberKind
  readonly at: number
}

/** What somebody does to the sorted set of a thread. */
export type Damage =
  | { readonly type: 'delete'; readonly member: Choice }
  | { readonly type: 'truncate'; readonly member: Choice; readonly keep: number }
  | { readonly type: 'overwrite'; readonly member: Choice; readonly from: number; readonly bytes: string }
  | { readonly type: 'flip'; readonly member: Choice; readonly byte: number; readonly mask: number }
  /** Another byte where the name ends, so that nothing tells any more what the name is. */
  | { readonly type: 'unend'; readonly member: Choice; readonly byte: string }
  /** The value of another member, of this thread or of another one, under the name of this member. */
  | { readonly type: 'swap'; readonly member: Choice; readonly other: Choice; readonly foreign: boolean }
  /** A whole valid member of another thread. */
  | { readonly type: 'graft'; readonly other: Choice }
  | { readonly type: 'rescore'; readonly member: Choice; readonly score: string }
  /** A second member of the same name, one byte of its value changed. */
  | { readonly type: 'twin'; readonly member: Choice; readonly byte: number; readonly score: string }
  /** Bytes that nobody stored, behind the beginning of a member. */
  | { readonly type: 'insert'; readonly member: Choice; readonly keep: number; readonly bytes: string }

const choice: fc.Arbitrary<Choice> = fc.record({
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant('record' as const) },
    { weight: 5, arbitrary: fc.constant('object' as const) },
    { weight: 2, arbitrary: fc.constant('part' as const) },
    { weight: 1, arbitrary: fc.constant('epoch' as const) },
  ),
  at: fc.nat(4096),
})
const position = fc.oneof(fc.nat(40), fc.nat(100_000))
const bytes = fc
  .uint8Array({ minLength: 1, maxLength: 40 })
  .map((array) => Buffer.from(array).toString('latin1'))
const mask = fc.oneof(fc.constantFrom(1, 2, 0x80, 0xff), fc.integer({ min: 1, max: 255 }))
const score = fc.constantFrom('1', '-1', '-2.5', '1e300', '-inf', '+inf')

export const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ type: fc.constant('delete' as const), member: choice }),
  fc.record({ type: fc.constant('truncate' as const), member: choice, keep: position }),
  fc.record({ type: fc.constant('overwrite' as const), member: choice, from: position, bytes }),
  fc.record({ type: fc.constant('flip' as const), member: choice, byte: position, mask }),
  fc.record({
    type: fc.constant('unend' as const),
    member: choice,
    byte: fc.constantFrom('\x01', '\x02', 'a', '\xff'),
  }),
  fc.record({ type: fc.constant('swap' as const), member: choice, other: choice, foreign: fc.boolean() }),
  fc.record({ type: fc.constant('graft' as const), other: choice }),
  fc.record({ type: fc.constant('rescore' as const), member: choice, score }),
  fc.record({
    type: fc.constant('twin' as const),
    member: choice,
    byte: position,
    score: fc.oneof(fc.constant('0'), score),
  }),
  fc.record({ type: fc.constant('insert' as const), member: choice, keep: position, bytes }),
)

/** One of each kind of damage for one member, for those who go through all of them. */
export function eachDamage(member: Choice): readonly Damage[] {
  return [
    { type: 'delete', member },
    { type: 'truncate', member, keep: 3 },
    { type: 'truncate', member, keep: 19 },
    { type: 'truncate', member, keep: 1_000_003 },
    { type: 'overwrite', member, from: 0, bytes: '\x61garbage' },
    { type: 'overwrite', member, from: 30, bytes: 'garbage' },
    { type: 'flip', member, byte: 0, mask: 0x20 },
    { type: 'flip', member, byte: 18, mask: 3 },
    { type: 'flip', member, byte: 1_000_003, mask: 1 },
    { type: 'unend', member, byte: '\x01' },
    { type: 'unend', member, byte: '\xff' },
    { type: 'swap', member, other: { ...member, at: member.at + 1 }, foreign: false },
    { type: 'swap', member, other: member, foreign: true },
    { type: 'graft', other: member },
    { type: 'rescore', member, score: '1' },
    { type: 'rescore', member, score: '-1' },
    { type: 'twin', member, byte: 1_000_003, score: '0' },
    { type: 'twin', member, byte: 1_000_003, score: '-1' },
    { type: 'insert', member, keep: 1, bytes: '\xff' },
  ]
}

/** The set after the damages; those that find nothing to damage change nothing. */
export function damaged(before: Members, donor: Members, damages: readonly Damage[]): Members {
  return damages.reduce((members, one) => apply(members, donor, one), before)
}

function apply(members: Members, donor: Members, one: Damage): Members {
  const after = new Map(members)
  const other =
    'other' in one ? pick(one.type === 'graft' || one.foreign ? donor : members, one.other) : undefined
  if (one.type === 'graft') return other === undefined ? after : after.set(other, '0')
  const member = pick(members, one.member)
  if (member === undefined) return after
  const replaceBy = (changed: string): Members => {
    after.delete(member)
    return after.set(changed, '0')
  }
  const name = nameOf(member)
  switch (one.type) {
    case 'delete':
      after.delete(member)
      return after
    case 'truncate':
      return replaceBy(member.slice(0, one.keep % member.length))
    case 'overwrite': {
      const from = one.from % member.length
      return replaceBy(member.slice(0, from) + one.bytes + member.slice(from + one.bytes.length))
    }
    case 'flip':
      return replaceBy(flipped(member, one.byte % member.length, one.mask))
    case 'unend':
      return replaceBy(member.slice(0, name.length - 1) + one.byte + member.slice(name.length))
    case 'swap':
      return other === undefined ? after : replaceBy(name + other.slice(nameOf(other).length))
    case 'rescore':
      return after.set(member, one.score)
    case 'twin':
      return after.set(
        flipped(member, name.length + (one.byte % (member.length - name.length)), 1),
        one.score,
      )
    case 'insert':
      return after.set(member.slice(0, one.keep % member.length) + one.bytes, '0')
  }
}

function pick(members: Members, { kind, at }: Choice): string | undefined {
  const of = [...members.keys()].filter((member) => kindOf(member) === kind)
  return of[at % of.length]
}

function flipped(member: string, at: number, mask: number): string {
  const byte = String.fromCharCode(member.charCodeAt(at) ^ mask)
  return member.slice(0, at) + byte + member.slice(at + 1)
}
