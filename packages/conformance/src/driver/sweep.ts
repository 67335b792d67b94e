import assert from 'node:assert/strict'
import { type CommitResult, type ObjectMutation, objectId } from '@cairnkit/core/driver'
import { expectRejected } from './expectations.js'
import { expire, object, put, remove, sweep } from './mutations.js'
import { textsOf } from './plain.js'
import type { Subject } from './subject.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

/** A sweep drops the objects that no record reaches, and says so by a new epoch. A cycle cannot be: ids are hashes. */
export function sweeping(suite: DriverSuite): void {
  suite.section('sweep', () => {
    suite.test('drops what no record reaches, whole chains of it', async () => {
      const subject = suite.fresh()
      const kept = chain('kept', 4)
      const lost = chain('lost', 4)
      await subject.write(...kept, ...lost, put(['a'], 'v', [top(kept)]), put(['b'], 'v', [top(lost)]))
      await subject.write(remove(['b']))
      await subject.write(sweep)
      const [found] = await subject.read({ type: 'objects', ids: [...kept, ...lost].map(({ id }) => id) })
      same(textsOf(found.objects), ['kept 0', 'kept 1', 'kept 2', 'kept 3'])
      const [got] = await subject.read({ type: 'get', key: ['a'], follow: 'all' })
      assert.equal(got.objects.size, 4)
    })

    suite.test('keeps what is shared with something that is reached', async () => {
      const subject = suite.fresh()
      const shared = object('shared')
      const [kept, lost] = [object('kept', [shared.id]), object('lost', [shared.id])]
      await subject.write(shared, kept, lost, put(['a'], 'v', [kept.id]), sweep)
      same(await held(subject, [shared, kept, lost]), ['kept', 'shared'])
    })

    suite.test('keeps what is reached by any record, at any depth of key', async () => {
      const subject = suite.fresh()
      const objects = ['0', '1', '2', '3'].map((name) => object(name))
      const [a, b, c] = objects.map(({ id }) => id) as [string, string, string]
      await subject.write(
        ...objects,
        put(['k'], 'v', [a]),
        put(['k', 'deep', 'er'], 'v', [b]),
        put(['\u{10ffff}'], '', [c]),
        sweep,
      )
      same(await held(subject, objects), ['0', '1', '2'])
    })

    suite.test('gives a new epoch when it dropped something', async () => {
      const subject = suite.fresh()
      const before = await subject.write(put(['a']), object('lost'))
      const after = await subject.write(sweep)
      assert.match(after ?? '', /^[0-9a-f]{32}$/)
      assert.notEqual(after, before)
      assert.equal(await subject.epoch(), after)
      expectRejected(await subject.commit({ checks: [{ type: 'epoch', epoch: before }] }), [0])
    })

    suite.test('keeps the epoch when it dropped nothing', async () => {
      const subject = suite.fresh()
      const kept = object('kept')
      const before = await subject.write(put(['a'], 'v', [kept.id]), kept)
      assert.equal(await subject.write(sweep), before)
      assert.equal(await subject.write(put(['b']), remove(['b']), sweep, sweep), before)
      assert.equal(await subject.epoch(), before)
    })

    suite.test('rejects a late commit that relies on what was swept', async () => {
      const subject = suite.fresh()
      const lost = object('lost')
      const epoch = await subject.write(put(['a']), lost)
      await subject.write(sweep)
      const late = await subject.commit({
        checks: [{ type: 'epoch', epoch }],
        mutations: [put(['b'], 'v', [lost.id])],
      })
      expectRejected(late, [0])
      assert.equal((await subject.info()).records, 1)
    })

    suite.test('keeps the expiry, and no record is touched', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']), put(['b']), object('lost'), expire(3_600_000))
      await subject.write(sweep)
      const info = await subject.info()
      same([info.records, info.objects], [2, 0])
      assert.ok(info.ttlMs !== null)
    })

    suite.test('sees records as the batch has left them when its turn comes', async () => {
      const subject = suite.fresh()
      const [old, young] = [object('old'), object('young')]
      await subject.write(put(['a'], 'v', [old.id]), old)
      await subject.write(young, put(['a'], 'v', [young.id]), sweep)
      same(await held(subject, [old, young]), ['young'])
    })

    suite.test('passes over references to what is not there', async () => {
      const subject = suite.fresh()
      const missing = objectId(Buffer.from('never stored'))
      const [kept, lost] = [object('kept', [missing]), object('lost', [missing])]
      await subject.write(kept, lost, put(['a'], 'v', [missing, kept.id]))
      await subject.write(sweep)
      same(await held(subject, [kept, lost]), ['kept'])
    })

    suite.test('drops a thousand, and keeps a chain of a hundred', async () => {
      const subject = suite.fresh()
      const kept = chain('kept', 100)
      const lost = Array.from({ length: 1000 }, (_, at) => object(`lost ${at}`))
      await subject.write(...lost, ...kept, put(['a'], 'v', [top(kept)]))
      const result = await subject.commit({ mutations: [sweep] })
      if (result.ok && result.removed !== undefined)
        same(namesIn(result), lost.map(({ id, bytes }) => `${id} ${bytes.length}`).sort())
      assert.equal((await subject.info()).objects, 100)
      const [got] = await subject.read({ type: 'get', key: ['a'], follow: 'all' })
      assert.equal(got.objects.size, 100)
    })

    suite.test('names what it removed, with its size', async () => {
      const subject = suite.fresh()
      const [leaf, large, kept] = [object('leaf'), object(Buffer.alloc(300_000, 7)), object('kept')]
      const [node, empty] = [object('node!', [leaf.id, kept.id, leaf.id]), object('')]
      await subject.write(leaf, large, kept, node, empty, put(['a'], 'v', [kept.id]), put(['b']))
      const result = await subject.commit({ mutations: [remove(['b']), sweep] })
      const sizes = [`${leaf.id} 4`, `${large.id} 300000`, `${node.id} 5`, `${empty.id} 0`]
      same(namesIn(result), sizes.sort())
    })

    suite.test('names what all sweeps of a batch removed, and what leaves no partition', async () => {
      const subject = suite.fresh()
      const [one, two] = [object('one'), object('other')]
      await subject.write(one, two, put(['a'], 'v', [two.id]))
      const result = await subject.commit({ mutations: [sweep, remove(['a']), sweep] })
      same(namesIn(result), [`${one.id} 3`, `${two.id} 5`].sort())
      await subject.assertAbsent()
    })

    suite.test('says that it removed nothing, and nothing where there was no sweep', async () => {
      const subject = suite.fresh()
      same(namesIn(await subject.commit({ mutations: [sweep] })), [])
      const stored = await subject.commit({ mutations: [put(['a']), object('held'), expire(3_600_000)] })
      assert.ok(stored.ok && !('removed' in stored))
      const kept = await subject.commit({ mutations: [put(['b'], 'v', [object('held').id]), sweep] })
      same(namesIn(kept), [])
    })

    suite.test('does nothing where nothing is', async () => {
      const subject = suite.fresh()
      await subject.write(sweep)
      await subject.assertAbsent()
    })
  })
}

/** The ids and sizes of what was removed, sorted. */
function namesIn(result: CommitResult): string[] {
  assert.ok(result.ok && result.removed !== undefined, 'it tells what the sweep removed')
  return result.removed.map(({ id, bytes }) => `${id} ${bytes}`).sort()
}

/** Objects that each refer to the one before; the last one reaches all. */
function chain(name: string, length: number): ObjectMutation[] {
  const links: ObjectMutation[] = []
  for (let at = 0; at < length; at++) links.push(object(`${name} ${at}`, at === 0 ? [] : [top(links)]))
  return links
}

function top(links: readonly ObjectMutation[]): string {
  return links.at(-1)?.id ?? ''
}

async function held(subject: Subject, objects: readonly ObjectMutation[]): Promise<string[]> {
  const [found] = await subject.read({ type: 'objects', ids: objects.map(({ id }) => id) })
  return textsOf(found.objects)
}
