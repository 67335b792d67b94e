import { object, put, remove, sweep } from './mutations.js'
import { textsOf, valueOf } from './plain.js'
import type { Subject } from './subject.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

const ROUNDS = 40
/** Of batches that are large. */
const FEW_ROUNDS = 6
/** More records, and more bytes, than a driver that has to leave others their turn gives at once. */
const MANY = 1200
const LARGE = 700_000

/** All results of one `read` are of one instant. */
export function oneInstant(suite: DriverSuite): void {
  suite.section('rule 2: a read sees one instant', () => {
    suite.test('never sees half of a batch in two reads of one call', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a'], '0'), put(['z'], '0'))
      const write = async (): Promise<void> => {
        for (let round = 1; round <= ROUNDS; round++)
          await subject.write(put(['a'], String(round)), put(['z'], String(round)))
      }
      await whileWriting(write, async () => {
        const [a, all, z] = await subject.read(
          { type: 'get', key: ['a'] },
          { type: 'range', prefix: [] },
          { type: 'get', key: ['z'] },
        )
        const seen = all.records.map(({ bytes }) => Buffer.from(bytes).toString())
        same([valueOf(a), ...seen], [valueOf(z), valueOf(z), valueOf(z)])
      })
    })

    suite.test('counts, names, groups and information agree with the records', async () => {
      const subject = suite.fresh()
      const write = async (): Promise<void> => {
        for (let round = 1; round <= ROUNDS; round++) {
          await subject.write(put(['g', '1']), put(['g', '2']), put(['g', '2', 'm']))
          await subject.write({ type: 'deleteRange', prefix: [] })
        }
      }
      await whileWriting(write, async () => {
        const [info, names, count, groups, range] = await subject.read(
          { type: 'info' },
          { type: 'names', prefix: ['g'] },
          { type: 'count', prefix: ['g'] },
          { type: 'groups', prefix: ['g'] },
          { type: 'range', prefix: ['g'] },
        )
        const there = info.epoch !== null
        const [records, groupCount] = there ? [3, 2] : [0, 0]
        same(
          [info.records, count.count, range.records.length, names.names.length, groups.groups.length],
          [records, records, records, groupCount, groupCount],
        )
      })
    })

    suite.test('never sees half of a batch of many records', async () => {
      const subject = suite.fresh()
      const writeAll = async (round: number): Promise<void> => {
        const records = Array.from({ length: MANY }, (_, at) => put(['g', numbered(at)], String(round)))
        // As many come as go: their number tells nothing.
        await subject.write(...records, put(['h', numbered(round)]), remove(['h', numbered(round - 1)]))
      }
      await writeAll(0)
      const write = async (): Promise<void> => {
        for (let round = 1; round <= FEW_ROUNDS; round++) await writeAll(round)
      }
      await whileWriting(write, async () => {
        const [first, range, groups, names, count, last] = await subject.read(
          { type: 'get', key: ['g', numbered(0)] },
          { type: 'range', prefix: [], reverse: true },
          { type: 'groups', prefix: ['g'] },
          { type: 'names', prefix: ['h'] },
          { type: 'count', prefix: [] },
          { type: 'get', key: ['g', numbered(MANY - 1)] },
        )
        const round = valueOf(first)
        const seen = new Set([
          ...range.records.slice(1).map(({ bytes }) => Buffer.from(bytes).toString()),
          ...groups.groups.map(({ record }) => valueOf({ record })),
        ])
        same([[...seen], valueOf(last)], [[round], round])
        same(names.names, [numbered(Number(round))])
        same([range.records.length, groups.groups.length, count.count], [MANY + 1, MANY, MANY + 1])
      })
    })

    suite.test('never sees half of a large record, and of a range that removes many', async () => {
      const subject = suite.fresh()
      const writeAll = async (round: number): Promise<void> => {
        const records = Array.from({ length: MANY }, (_, at) => put(['g', numbered(at)]))
        const large = put(['a'], String(round).padStart(LARGE + round, '.'))
        await subject.write({ type: 'deleteRange', prefix: [] }, large)
        await subject.write(...records)
      }
      await writeAll(0)
      const write = async (): Promise<void> => {
        for (let round = 1; round <= FEW_ROUNDS; round++) await writeAll(round)
      }
      await whileWriting(write, async () => {
        const [large, range, again] = await subject.read(
          { type: 'get', key: ['a'] },
          { type: 'range', prefix: ['g'] },
          { type: 'get', key: ['a'] },
        )
        const text = valueOf(large) ?? ''
        const round = Number(/\d+$/.exec(text)?.[0])
        same([text.length, text === valueOf(again)], [LARGE + round, true])
        same([0, MANY].includes(range.records.length), true, 'all of them, or none')
      })
    })

    suite.test('finds the closure of what it read, while records move on and sweeps run', async () => {
      const subject = suite.fresh()
      await moveHead(subject, 0, 'small')
      await whileWriting(
        () => moveHeadOn(subject, 'small'),
        async () => {
          const [head] = await subject.read({ type: 'get', key: ['head'], follow: 'all' })
          const round = valueOf(head)
          same(textsOf(head.objects), [`leaf ${round} small`, `node ${round} small`])
        },
      )
    })

    suite.test('finds the closure of large objects, while records move on and sweeps run', async () => {
      const subject = suite.fresh()
      const padding = '.'.repeat(200_000)
      await moveHead(subject, 0, padding)
      await whileWriting(
        () => moveHeadOn(subject, padding),
        async () => {
          const [head] = await subject.read({ type: 'groups', prefix: [], limit: 1, follow: 'all' })
          const [group] = head.groups
          const round = valueOf({ record: group?.record })
          const starts = textsOf(head.objects).map((text) => text.replace(/ \.*$/, ''))
          same(starts, [`leaf ${round}`, `node ${round}`])
        },
      )
    })

    suite.test('answers no reads with no results', async () => {
      const subject = suite.fresh()
      same(await subject.read(), [])
      await subject.assertAbsent()
    })

    suite.test('answers many reads of one call, equal ones too', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a'], '1'))
      const reads = Array.from({ length: 100 }, () => ({ type: 'get', key: ['a'] }) as const)
      const results = await subject.read(...reads)
      same(
        results.map((result) => valueOf(result)),
        reads.map(() => '1'),
      )
    })
  })
}

function numbered(at: number): string {
  return String(at).padStart(5, '0')
}

/** A record over a chain of two objects, moved to the next chain: the last one is swept in the same batch. */
async function moveHead(subject: Subject, round: number, padding: string): Promise<void> {
  const leaf = object(`leaf ${round} ${padding}`)
  const node = object(`node ${round} ${padding}`, [leaf.id])
  await subject.write(leaf, node, remove(['head']), put(['head'], String(round), [node.id]), sweep)
}

async function moveHeadOn(subject: Subject, padding: string): Promise<void> {
  for (let round = 1; round <= ROUNDS; round++) await moveHead(subject, round, padding)
}

/** Reads over and over, several at a time, until the writer is done; and once more then. */
async function whileWriting(write: () => Promise<void>, read: () => Promise<void>): Promise<void> {
  let writing = true
  const reader = async (): Promise<void> => {
    do {
      await read()
      // A driver that does all its work at call time would never let the writer have its turn.
      await new Promise(setImmediate)
    } while (writing)
  }
  const done = write().finally(() => {
    writing = false
  })
  const outcomes = await Promise.allSettled([done, reader(), reader(), reader()])
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
