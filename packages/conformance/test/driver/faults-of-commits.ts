import type { Batch, Check, CommitResult, Epoch, Mutation, StorageDriver } from '@cairnkit/core/driver'
import { type BrokenDriver, tick } from './broken-driver.js'

function onMutations(
  change: (mutations: readonly Mutation[]) => readonly Mutation[],
): BrokenDriver['breaks'] {
  return (driver) => ({
    commit: (id, batch, options) =>
      driver.commit(id, { ...batch, mutations: change(batch.mutations ?? []) }, options),
  })
}

function onResults(change: (result: CommitResult, batch: Batch) => CommitResult): BrokenDriver['breaks'] {
  return (driver) => ({
    commit: async (id, batch, options) => change(await driver.commit(id, batch, options), batch),
  })
}

export const faultsOfCommits: readonly BrokenDriver[] = [
  {
    name: 'never tells who acknowledged',
    breaks: onResults((result) => {
      if (!result.ok) return result
      const { acknowledged: _, ...rest } = result
      return rest
    }),
    noticedBy: [
      'applies what too few copies have, and tells how many',
      'tells it of a commit that changes nothing, and changes nothing',
    ],
  },
  {
    name: 'always tells who acknowledged',
    breaks: onResults((result) =>
      result.ok ? { acknowledged: { replicas: 0, fsynced: false }, ...result } : result,
    ),
    noticedBy: ['tells nothing of copies that nobody asked for'],
  },
  {
    name: 'says that all had it',
    breaks: onResults((result) =>
      result.ok && result.acknowledged !== undefined
        ? { ...result, acknowledged: { replicas: 1000, fsynced: true } }
        : result,
    ),
    noticedBy: ['applies what too few copies have, and tells how many'],
  },
  {
    name: 'leaves a trace where it was to change nothing',
    breaks: (driver) => ({
      commit: async (id, batch, options) => {
        if (options?.durability !== undefined) {
          await driver.commit(id, { mutations: [{ type: 'put', key: ['trace'], bytes: new Uint8Array() }] })
        }
        return await driver.commit(id, batch, options)
      },
    }),
    noticedBy: [
      'tells it of a commit that changes nothing, and changes nothing',
      'creates nothing where nothing is written',
      'leaves nothing behind where everything is removed',
    ],
  },
  {
    name: 'applies mutations although a check failed',
    breaks: (driver) => ({
      commit: async (id, batch, options) => {
        const result = await driver.commit(id, batch, options)
        if (!result.ok) await driver.commit(id, { mutations: batch.mutations ?? [] }, options)
        return result
      },
    }),
    noticedBy: [
      'applies nothing when a check fails',
      'every result and the final state are those of the model',
    ],
  },
  {
    name: 'names only the first check that failed',
    breaks: onResults((result) =>
      result.ok ? result : { ...result, failedChecks: result.failedChecks.slice(0, 1) },
    ),
    noticedBy: ['names every check that failed, in ascending order'],
  },
  {
    name: 'judges the last check only',
    breaks: (driver) => ({
      commit: (id, batch, options) =>
        driver.commit(id, { ...batch, checks: (batch.checks ?? []).slice(-1) }, options),
    }),
    noticedBy: ['names every check that failed, in ascending order'],
  },
  {
    name: 'loses the last mutation of a batch',
    breaks: onMutations((mutations) => (mutations.length > 1 ? mutations.slice(0, -1) : mutations)),
    noticedBy: [
      'takes 1,000 mutations in one batch',
      'applies mutations in order: the later one sees the earlier',
    ],
  },
  {
    name: 'loses a commit that is made while another one is under way, and acknowledges it',
    breaks: (driver) => {
      let underWay = 0
      return {
        commit: async (id, batch, options) => {
          const isLost = underWay > 0
          underWay++
          try {
            await tick()
            return await driver.commit(id, isLost ? { checks: batch.checks ?? [] } : batch, options)
          } finally {
            underWay--
          }
        },
      }
    },
    noticedBy: [
      'one driver: of 50 births, one creates, and all have its epoch',
      'one driver: no increment is lost that compares before it writes',
      'commits to many partitions at once keep apart',
    ],
  },
  {
    name: 'applies mutations in another order',
    breaks: onMutations((mutations) => [...mutations].reverse()),
    noticedBy: ['applies mutations in order: the later one sees the earlier'],
  },
  {
    name: 'applies a batch in two halves',
    breaks: (driver) => ({
      commit: async (id, batch, options) => {
        const mutations = batch.mutations ?? []
        const middle = mutations.length >> 1
        const first = await driver.commit(id, { ...batch, mutations: mutations.slice(0, middle) }, options)
        if (!first.ok || middle === 0) return await driver.commit(id, { ...batch, mutations }, options)
        await tick()
        const second = await driver.commit(id, { mutations: mutations.slice(middle) }, options)
        return { ...second, ...(second.ok && { created: first.created || second.created }) }
      },
    }),
    noticedBy: ['never sees half of a batch in two reads of one call'],
  },
  {
    name: 'checks first and writes later',
    breaks: (driver) => ({
      commit: async (id, batch, options) => {
        const judged = await driver.commit(id, { checks: batch.checks ?? [] }, options)
        if (!judged.ok) return judged
        await tick()
        return await driver.commit(id, { mutations: batch.mutations ?? [] }, options)
      },
    }),
    noticedBy: ['one driver: of 50 commits that want a key to be absent, one wins'],
  },
  {
    name: 'resolves before it is applied',
    breaks: (driver) => ({
      commit: async (id, batch, options) => {
        const mutations = structuredClone(batch.mutations ?? [])
        const judged = await driver.commit(id, { checks: batch.checks ?? [] }, options)
        if (judged.ok) setTimeout(() => void driver.commit(id, { mutations }).catch(() => undefined), 1)
        return judged
      },
    }),
    noticedBy: ['shows what was committed to the next read'],
  },
  {
    name: 'applies every batch twice',
    breaks: (driver) => ({
      commit: async (id, batch, options) => {
        await driver.commit(id, batch, options)
        return await driver.commit(id, batch, options)
      },
    }),
    noticedBy: [
      'is created by a record, an inserted record, an object',
      'one driver: of 50 commits that want a key to be absent, one wins',
    ],
  },
  {
    name: 'reads the batch after the call has returned',
    breaks: (driver) => ({
      commit: async (id, batch, options) => {
        await tick()
        return await driver.commit(id, batch, options)
      },
    }),
    noticedBy: ['takes what the caller passed at the moment of the call'],
  },
  {
    name: 'lets the last insert win',
    breaks: onMutations((mutations) =>
      mutations.map((mutation) => (mutation.type === 'insert' ? { ...mutation, type: 'put' } : mutation)),
    ),
    noticedBy: ['insert keeps the first, within a batch and between batches'],
  },
  {
    name: 'deletes what is below a deleted key',
    breaks: onMutations((mutations) =>
      mutations.map((mutation) =>
        mutation.type === 'delete' ? { type: 'deleteRange', prefix: mutation.key } : mutation,
      ),
    ),
    noticedBy: ['delete removes exactly this key'],
  },
  {
    name: 'ignores the bounds of a deleted range',
    breaks: onMutations((mutations) =>
      mutations.map((mutation) =>
        mutation.type === 'deleteRange' ? { type: 'deleteRange', prefix: mutation.prefix } : mutation,
      ),
    ),
    noticedBy: ['deleteRange removes between bounds'],
  },
  {
    name: 'never sweeps',
    breaks: onMutations((mutations) => mutations.filter(({ type }) => type !== 'sweep')),
    noticedBy: ['drops what no record reaches, whole chains of it'],
  },
  {
    name: 'sweeps after everything else',
    breaks: onMutations((mutations) => [
      ...mutations.filter(({ type }) => type !== 'sweep'),
      ...mutations.filter(({ type }) => type === 'sweep'),
    ]),
    noticedBy: ['lets a sweep see what stands before it and spare what stands after it'],
  },
  {
    name: 'reports a birth for a commit that leaves nothing',
    breaks: onResults((result) =>
      result.ok && result.epoch === null ? { ...result, created: true, epoch: '0'.repeat(32) } : result,
    ),
    noticedBy: ['creates nothing by a commit that leaves nothing'],
  },
  {
    name: 'gives a partition its old epoch again after a drop',
    breaks: (driver) => withFixedEpochs(driver),
    noticedBy: ['never has the same epoch twice', 'rejects a late commit after a drop by its epoch'],
  },
]

/** The outside sees one epoch per partition, for ever. */
function withFixedEpochs(driver: StorageDriver): Partial<StorageDriver> {
  const fixed = new Map<string, Epoch>()
  const outside = (id: string, epoch: Epoch | null): Epoch | null => {
    if (epoch === null) return null
    fixed.set(id, fixed.get(id) ?? epoch)
    return fixed.get(id) ?? null
  }
  const inside = async (id: string, check: Check): Promise<Check> => {
    if (check.type !== 'epoch' || check.epoch === null || check.epoch !== fixed.get(id)) return check
    const [info] = await driver.read(id, [{ type: 'info' }])
    return info?.type === 'info' && info.epoch !== null ? { type: 'epoch', epoch: info.epoch } : check
  }
  return {
    commit: async (id, batch, options) => {
      const checks = await Promise.all((batch.checks ?? []).map((check) => inside(id, check)))
      const result = await driver.commit(id, { ...batch, checks }, options)
      return { ...result, epoch: outside(id, result.epoch) }
    },
    read: async (id, reads, options) => {
      const results = await driver.read(id, reads, options)
      return results.map((result) =>
        result.type === 'info' ? { ...result, epoch: outside(id, result.epoch) } : result,
      )
    },
  }
}
