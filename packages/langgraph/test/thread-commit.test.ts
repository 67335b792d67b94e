import type { Batch, CommitResult } from '@cairnkit/core'
import { describe, expect, test } from 'vitest'
import type { FailedAttempt, Healing, Repair, Restoration } from '../src/commit/healing.js'
import { type CommitTools, ThreadCommit } from '../src/commit/thread-commit.js'
import type { ThreadPartition } from '../src/commit/thread-partition.js'
import type { Stored, ThreadWrite } from '../src/commit/thread-write.js'
import { newObjectOf } from '../src/engine/objects/new-object.js'
import { ObjectCache } from '../src/engine/objects/object-cache.js'
import { KnownThreads } from '../src/knowledge/known-threads.js'
import { ThreadConflictError } from '../src/thread-errors.js'

const EPOCH = 'e'.repeat(32)
const OTHER_EPOCH = 'f'.repeat(32)
const NO_BYTES = new Uint8Array(0)

const carried = newObjectOf({ type: 'v', bytes: Buffer.from('carried'), refs: [] })
const record = { type: 'put', key: ['c', '', 'c2'], bytes: NO_BYTES, refs: [carried.id] } as const
const relying: Stored = { records: [record], children: [], carried: { objects: [carried], ids: [] } }

const write: ThreadWrite = {
  threadId: 't',
  namespace: '',
  checkpointId: 'c2',
  head: {
    threadId: 't',
    namespace: '',
    id: 'c2',
    parentId: 'c1',
    claim: 'head',
    isMadeOfParent: false,
    partition: 'thread:t',
  },
  lifetime: undefined,
  relying,
  whole: () => ({ records: [record], children: [carried], carried: { objects: [], ids: [] } }),
}

const restoration: Restoration = {
  lost: 'tail',
  epoch: EPOCH,
  checks: [{ type: 'epoch', epoch: EPOCH }],
  records: [{ type: 'insert', key: ['c', '', 'c1'], bytes: NO_BYTES }],
  objects: [],
  checkpoints: 1,
  writes: 0,
  isAlone: false,
}

type Failing = 'lease' | 'epoch' | 'record' | 'objects' | 'head' | 'restoration' | 'unnamed'
type State = 'relying' | 'whole' | 'restoring'

/** What a batch takes for given. */
function stateOf({ mutations = [] }: Batch): State {
  const names = mutations.map((mutation) => ('key' in mutation ? mutation.key[2] : mutation.type))
  if (names.includes('c1')) return 'restoring'
  return names.includes('object') ? 'whole' : 'relying'
}

/** The number of the check that is to fail. */
function failedChecks({ checks = [] }: Batch, failing: Failing): number[] {
  if (failing === 'unnamed') return []
  const type = { lease: 'equals', epoch: 'epoch', record: 'present', objects: 'objects', head: 'head' }
  const at = checks.findIndex((check) => check.type === (failing === 'restoration' ? 'epoch' : type[failing]))
  if (at === -1) throw new Error(`there is no check to fail for ${failing}`)
  // Whatever stands behind it has failed too: the first one counts.
  return checks.map((_, index) => index).filter((index) => index >= at)
}

interface Scene {
  readonly partition: ThreadPartition
  readonly batches: Batch[]
}

/** A partition that fails as it is told, one attempt after the other, and then stores. */
function controlled(failures: readonly Failing[], own?: boolean): Scene {
  const batches: Batch[] = []
  return {
    batches,
    partition: {
      id: 'thread:t',
      commit: async (batch): Promise<CommitResult> => {
        const failing = failures[batches.push(batch) - 1]
        if (failing === undefined) return { ok: true, created: false, epoch: EPOCH, dropped: false }
        return { ok: false, epoch: OTHER_EPOCH, dropped: false, failedChecks: failedChecks(batch, failing) }
      },
      read: (async () => [
        { record: own === true ? record : undefined },
        { groups: [{ element: own === true ? 'c9' : 'c8', members: [] }] },
      ]) as never,
    },
  }
}

function healingThat(repair: Repair, asked: FailedAttempt[] = []): Healing {
  return {
    settled: () => undefined,
    acknowledged: () => ({ epoch: EPOCH, newestKeys: [['c', '', 'c1']] }),
    find: () => undefined,
    before: () => ({ step: 0, at: 0 }),
    restoring: () => undefined,
    after: () => undefined,
    failed: async (attempt) => {
      asked.push(attempt)
      return repair
    },
    pruned: () => undefined,
    forget: () => undefined,
  }
}

interface Case {
  readonly failures: readonly Failing[]
  readonly healing?: Repair
  readonly isKnown?: boolean
  readonly hasLease?: boolean
  readonly ownIsStored?: boolean
}

async function statesOf(given: Case): Promise<{ states: State[]; secured: number; asked: FailedAttempt[] }> {
  const knownThreads = new KnownThreads(1_000_000)
  if (given.isKnown !== false) knownThreads.learn('t', EPOCH, [carried.id])
  const { partition, batches } = controlled(given.failures, given.ownIsStored)
  const asked: FailedAttempt[] = []
  let secured = 0
  const tools: CommitTools = {
    partition,
    place: { driver: 'controlled', partition: 'thread:t', what: 'thread "t"' },
    knownThreads,
    cache: new ObjectCache(0),
    lease:
      given.hasLease === true
        ? {
            assertHeld: () => undefined,
            fenceCheck: { type: 'equals', key: ['f'], bytes: NO_BYTES },
            ensureFence: async () => void secured++,
          }
        : undefined,
    removals: undefined,
    healing: given.healing && healingThat(given.healing, asked),
  }
  await new ThreadCommit(tools, write, {}).run()
  return { states: batches.map(stateOf), secured, asked }
}

const restore: Repair = { kind: 'restore', restoration }
const sendAll: Repair = { kind: 'send all' }
const goOn: Repair = { kind: 'go on' }

describe('a commit to a thread goes from state to state', () => {
  test.each<readonly [string, Case, readonly State[]]>([
    ['what is known is relied on', { failures: [] }, ['relying']],
    ['nothing is known: all is sent', { failures: [], isKnown: false }, ['whole']],
    ['another thread, healing off', { failures: ['epoch'] }, ['relying', 'whole']],
    ['objects are not there, healing off', { failures: ['objects'] }, ['relying', 'whole']],
    ['a driver that does not say what failed', { failures: ['unnamed'] }, ['relying', 'whole']],
    ['a fallen fence', { failures: ['lease'], hasLease: true }, ['relying', 'relying']],
    [
      'a fallen fence while all is sent',
      { failures: ['lease'], hasLease: true, isKnown: false },
      ['whole', 'whole'],
    ],
    ['stored already', { failures: ['head'], ownIsStored: true }, ['relying', 'relying']],
    ['another thread, nothing to restore', { failures: ['epoch'], healing: sendAll }, ['relying', 'whole']],
    [
      'another thread, which is restored',
      { failures: ['epoch'], healing: restore },
      ['relying', 'restoring'],
    ],
    [
      'a lost record, which is restored',
      { failures: ['record'], healing: restore },
      ['relying', 'restoring'],
    ],
    [
      'lost objects, which are restored',
      { failures: ['objects'], healing: restore },
      ['relying', 'restoring'],
    ],
    ['healed by another call', { failures: ['epoch'], healing: goOn }, ['relying', 'relying']],
    [
      'a restoration that fails and is made anew',
      { failures: ['record', 'restoration'], healing: restore },
      ['relying', 'restoring', 'restoring'],
    ],
    [
      'a fallen fence beside a lost record',
      { failures: ['lease', 'record'], healing: restore, hasLease: true },
      ['relying', 'relying', 'restoring'],
    ],
  ])('%s', async (_, given, expected) => {
    const { states, secured } = await statesOf(given)
    expect(states).toEqual(expected)
    expect(secured).toBe(given.failures.filter((failing) => failing === 'lease').length)
  })

  test('a head that another run has moved is a conflict, with and without healing', async () => {
    for (const healing of [undefined, restore]) {
      const failing = statesOf({ failures: ['head'], ...(healing === undefined ? {} : { healing }) })
      await expect(failing).rejects.toSatisfy(ThreadConflictError.isInstance)
    }
  })

  test('healing is told what failed, what was relied on, and what its own attempt was to restore', async () => {
    const { asked } = await statesOf({ failures: ['record', 'restoration'], healing: restore })
    expect(
      asked.map(({ reason, restoration: own, expected, found }) => [reason, own, expected, found]),
    ).toEqual([
      ['lost', undefined, EPOCH, OTHER_EPOCH],
      ['restoration', restoration, EPOCH, OTHER_EPOCH],
    ])
  })

  test('a thread that changes at every attempt is given up, as an error that may be tried again', async () => {
    const failures = Array.from({ length: 8 }, () => 'epoch' as const)
    await expect(statesOf({ failures, healing: goOn })).rejects.toMatchObject({
      code: 'unavailable',
      disposition: 'transient',
    })
  })
})
