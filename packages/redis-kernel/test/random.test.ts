import { type Batch, type Check, type Mutation, type Tuple, isIdempotent } from '@cairnkit/core/driver'
import assert from 'node:assert/strict'
import { it } from 'vitest'
import { scripts } from '../src/storage/scripts.generated.js'
import { Model } from './support/model.js'
import { type Subject, type TestObject, bytes, noise, object, useLab } from './support/subject.js'

const subject = useLab()

/** Elements whose encodings stand close to each other, or need escapes, or order differently as UTF-16. */
const elements = [
  '',
  'a',
  'a\0',
  'a\x01',
  '\x02',
  'ab',
  'b',
  '\uff61',
  '\u{10000}',
  '\udfff',
  '[',
  '(',
  '\xff',
]

const largest = [noise(300_000, 7), noise(600_000, 8)]

function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

class Dice {
  readonly #roll: (below: number) => number
  readonly #objects: TestObject[]
  readonly #large: boolean

  /** `large`: some objects and records are in parts. */
  constructor(seed: number, large: boolean) {
    this.#large = large
    this.#roll = generator(seed)
    this.#objects = Array.from({ length: 6 }, (_, at) =>
      object(large && at % 2 === 0 ? noise(270_000 * (at + 1), at + 1) : bytes(at)),
    )
    // Ids that are reached through others, some of them through two.
    for (let at = 0; at < 6; at++) {
      this.#objects.push(object(bytes(100 + at), [this.#one(this.#objects).id, this.#one(this.#objects).id]))
    }
  }

  batch(): Batch {
    const checks = this.#roll(3) === 0 ? [this.#check()] : []
    return { checks, mutations: Array.from({ length: this.#roll(5) }, () => this.#mutation()) }
  }

  key(): Tuple {
    return Array.from({ length: 1 + this.#roll(3) }, () => this.#one(elements))
  }

  prefix(): Tuple {
    return this.#roll(3) === 0 ? [] : this.key().slice(0, 2)
  }

  limit(): number {
    return this.#roll(5)
  }

  element(): string {
    return this.#one(elements)
  }

  #check(): Check {
    const value = { key: this.key(), bytes: this.#content() }
    const last = { prefix: this.prefix(), key: this.#roll(2) === 0 ? null : this.key() }
    return this.#one<Check>([
      { type: 'absent', key: this.key() },
      { type: 'present', key: this.key() },
      { type: 'equals', ...value },
      { type: 'last', ...last },
      { type: 'epoch', epoch: null },
    ])
  }

  #mutation(): Mutation {
    const refs = this.#roll(3) === 0 ? [this.#one(this.#objects).id] : []
    const value = { key: this.key(), bytes: this.#content(), refs }
    const bounds = this.#roll(2) === 0 ? {} : { from: this.key(), until: this.key() }
    return this.#one<Mutation>([
      { type: 'put', ...value },
      { type: 'put', ...value },
      { type: 'insert', ...value },
      this.#one(this.#objects),
      this.#one(this.#objects),
      { type: 'delete', key: this.key() },
      { type: 'deleteRange', prefix: this.prefix(), ...bounds },
      { type: 'sweep' },
      {
        type: 'expire',
        ttlMs: this.#one([null, 60_000, 'unchanged']),
        decidedBy: [this.key()],
        ifNone: this.#roll(2) === 0,
      },
    ])
  }

  #content(): Uint8Array {
    const content = this.#roll(2)
    return this.#large && this.#roll(6) === 0 ? (largest[content] as Uint8Array) : bytes(content)
  }

  #one<T>(list: readonly T[]): T {
    return list[this.#roll(list.length)] as T
  }
}

async function compare(one: Subject, model: Model, dice: Dice): Promise<void> {
  const [prefix, from, until, limit] = [dice.prefix(), dice.key(), dice.key(), dice.limit()]
  const [least, most] = [dice.element(), dice.element()]
  const [all, some, back, names, count, info, groups, few] = await one.read(
    { type: 'range', prefix: [] },
    { type: 'range', prefix, from, until, limit },
    { type: 'range', prefix, reverse: true, limit },
    { type: 'names', prefix },
    { type: 'count', prefix },
    { type: 'info' },
    { type: 'groups', prefix, orphans: true },
    { type: 'groups', prefix, from: least, until: most, limit, reverse: true },
  )
  assert.deepEqual(all.records, model.records)
  assert.deepEqual(some.records, model.below(prefix, from, until).slice(0, limit))
  assert.deepEqual(back.records, model.below(prefix).reverse().slice(0, limit))
  assert.deepEqual(names.names, model.names(prefix))
  assert.equal(count.count, model.below(prefix).length)
  assert.deepEqual([info.records, info.objects], [model.records.length, model.objects.size])
  assert.deepEqual(
    groups.groups.map(({ element }) => element),
    model.names(prefix),
  )
  const inGroups = groups.groups.flatMap(({ record, members }) => [...(record ? [record] : []), ...members])
  assert.deepEqual(
    inGroups,
    model.below(prefix).filter(({ key }) => key.length > prefix.length),
  )
  const owned = model
    .names(prefix)
    .filter(
      (name) =>
        model.below([...prefix, name]).some(({ key }) => key.length === prefix.length + 1) &&
        model.below([...prefix, name], [...prefix, least], [...prefix, most]).length > 0,
    )
  assert.deepEqual(
    few.groups.map(({ element }) => element),
    owned.reverse().slice(0, limit),
  )
  const closure = model.closure(model.records.flatMap(({ refs }) => refs))
  const followed = one.read({ type: 'range', prefix: [], follow: 'all' })
  if (closure === undefined) await assert.rejects(followed, { code: 'corrupt' })
  else {
    const [{ objects }] = await followed
    assert.deepEqual([...objects.keys()].sort(), [...closure].sort())
    for (const [id, found] of objects) assert.deepEqual(found, model.objects.get(id))
  }
}

const seeds = [
  ...Array.from({ length: 20 }, (_, seed) => [seed + 1, 'small'] as const),
  ...Array.from({ length: 6 }, (_, seed) => [seed + 101, 'large'] as const),
]

/** All that goes ahead of the commit, and not the commit. */
async function sendHalf(one: Subject, batch: Batch): Promise<void> {
  one.transport.before = ([name, sha]) => {
    if (name.startsWith('EVAL') && (sha === scripts.commit.sha1 || sha === scripts.commit.source))
      throw new Error('read ECONNRESET')
  }
  await assert.rejects(one.commit(batch))
  one.transport.before = () => {}
}

it.each(seeds)('seed %i, %s objects: the same as the model', async (seed, size) => {
  const one = subject()
  const model = new Model()
  const dice = new Dice(seed, size === 'large')
  for (let step = 0; step < 40; step++) {
    const batch = dice.batch()
    if (size === 'large' && step % 4 === 3) await sendHalf(one, batch)
    const existed = model.records.length + model.objects.size > 0
    const failedChecks = model.commit(batch)
    const result = await one.commit(batch)
    const exists = model.records.length + model.objects.size > 0
    assert.deepEqual(result.ok ? [] : result.failedChecks, failedChecks)
    assert.equal(result.epoch !== null, exists)
    if (result.ok) assert.equal(result.created, !existed && exists)
    if (size === 'small') assert.equal(await one.node.command('EXISTS', one.key), exists ? 1 : 0)
    await compare(one, model, dice)
    if (result.ok && isIdempotent(batch)) {
      // What a retry does after a reply was lost. A sweep of what the batch itself brings gives a new epoch again.
      model.commit(batch)
      assert.ok((await one.commit(batch)).ok)
      await compare(one, model, dice)
    }
  }
})
