import {
  type Claim,
  type CutFault,
  type FaultPlan,
  type FaultProxy,
  Journal,
  type RequestSeen,
  cutPoints,
  noFaults,
  oneInEvery,
  seededRandom,
} from '@cairnkit/conformance/faults'
import { Keyspace, type StorageDriver } from '@cairnkit/core'
import { labFacts } from '@cairnkit/redis-lab'
import { type TestContext, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { primaryOfKey } from '../src/primary-of-key.js'
import { openProxy } from '../src/proxied-driver.js'
import { redisDriver } from '../src/redis-driver.js'

/** On one server the number that is promised; elsewhere the same on a smaller scale, for the clients differ there. */
const OPERATIONS = { standalone: 10_000, 'standalone-tls': 2000, sentinel: 2000, cluster: 2000 } as const
/** Half of them through a keyspace, half through a driver as it is. */
const WRITERS = 20
const ONE_IN = 10

const seed = Number(process.env['CAIRN_SEED'] ?? Date.now() % 2 ** 31)

const cuts = cutPoints.flatMap((at): CutFault[] => [
  { type: 'cut', at, by: 'close' },
  { type: 'cut', at, by: 'reset' },
])

interface Writer {
  readonly journal: Journal
  readonly kind: 'driver' | 'keyspace'
  readonly driver: StorageDriver
  /** Of the server that carries out what it asks for; another one may be asked, and says who does. */
  readonly ownerPort: number
}

/** A busy machine takes minutes for as many calls. */
const TIMEOUT_MS = 900_000

test(
  'thousands of operations, a cut at a random point in every tenth',
  { timeout: TIMEOUT_MS },
  async (context: TestContext) => {
    await using cell = await openCell('faults')
    const { storage } = cell.cell
    if (storage.kind !== 'redis' || cell.lab === undefined)
      return context.skip('there is no network that could be cut')
    const facts = labFacts(cell.lab)
    await using proxy = await openProxy(facts)
    const retries = new Map<string, number>()
    const observer = {
      onRetry: ({ errorCode }: { errorCode: string }) => count(retries, errorCode),
    }
    const writers: Writer[] = []
    for (let at = 0; at < WRITERS; at++) {
      const driver = redisDriver(storage, facts, cell.keyPrefix, { proxy })
      // One after the other: some clients need much of the processor for it, and have little time.
      await driver.open()
      const kind = at % 2 === 0 ? 'keyspace' : 'driver'
      const journal =
        kind === 'keyspace'
          ? Journal.ofPartition(new Keyspace(driver, ['many'], { observer }).partition(String(at)))
          : Journal.ofDriver(driver)
      const owner = await primaryOfKey(cell.lab, `${cell.keyPrefix}:{${journal.id}}`)
      writers.push({ journal, kind, driver, ownerPort: owner.port })
    }
    const operations = OPERATIONS[storage.topology]
    const random = seededRandom(seed)
    const struck = new Map<string, number>()
    const delivered = new Map<string, number>()
    const startedAt = performance.now()
    proxy.plan = counting(oneInEvery(ONE_IN, cuts as [CutFault, ...CutFault[]], random), struck, delivered)
    await Promise.all(
      writers.map(async (writer) => await write(writer, operations / WRITERS, seededRandom(seed ^ random()))),
    )
    const tookMs = performance.now() - startedAt
    const { requests, faults } = proxy.counts
    proxy.plan = noFaults

    const lines: string[] = []
    for (const kind of ['driver', 'keyspace'] as const) {
      const total = { applied: 0, 'not applied': 0, unknown: 0, found: 0 }
      for (const { journal } of writers.filter((writer) => writer.kind === kind)) {
        total.found += await journal.settle()
        for (const claim of ['applied', 'not applied', 'unknown'] as const)
          total[claim] += journal.tally[claim]
      }
      expect(total.applied + total['not applied'] + total.unknown).toBe(operations / 2)
      // Otherwise nothing was tried: cuts before a call was carried out, and after it.
      expect(total.found).toBeGreaterThan(0)
      expect(total.unknown).toBeGreaterThan(total.found)
      lines.push(
        `  ${kind}: ${total.applied} acknowledged, each applied once; ${total.unknown} unknown, of which ${total.found} ` +
          `applied once and ${total.unknown - total.found} not; ${total['not applied']} surely not applied, and none is there`,
      )
    }
    console.log(
      [
        `${cell.cell.name}, seed ${seed}: ${operations} operations in ${Math.round(tookMs)} ms, ${requests} requests, ` +
          `${faults} cuts (${shown(struck)}), retries: ${shown(retries)}`,
        ...lines,
      ].join('\n'),
    )
    // A keyspace may send again what may be applied twice; a driver has nothing carried out twice, whatever it is.
    const twice = writers.flatMap(({ kind, journal, ownerPort }) =>
      [...delivered].filter(
        ([call, times]) => kind === 'driver' && times > 1 && call.startsWith(`${ownerPort} ${journal.id} `),
      ),
    )
    expect(twice).toEqual([])
    expect(faults).toBeGreaterThanOrEqual(operations / ONE_IN)
    await Promise.all(writers.map(async ({ driver }) => await driver.close()))
  },
)

/** Appends, entries that must be the first, and entries that may be repeated, in a random order. */
async function write({ journal, kind }: Writer, operations: number, random: () => number): Promise<void> {
  for (let at = 0; at < operations; at++) {
    const operation = Math.floor(random() * 3)
    const claim = await operate(journal, operation, String(at))
    // What may be applied twice a keyspace sends until it knows.
    const mustSucceed = operation === 2 && kind === 'keyspace'
    expect(mustSucceed && claim !== 'applied', `entry ${at} is ${claim}`).toBe(false)
    if (claim === 'unknown') await journal.settle()
  }
}

async function operate(journal: Journal, operation: number, name: string): Promise<Claim> {
  if (operation === 0) return await journal.append()
  return operation === 1 ? await journal.first(name) : await journal.note(name)
}

/** Notes what was cut, and what reached a server. */
function counting(
  plan: FaultPlan,
  struck: Map<string, number>,
  delivered: Map<string, number>,
): FaultProxy['plan'] {
  return {
    request: (seen) => {
      const fault = plan.request?.(seen)
      if (fault?.type === 'cut') count(struck, fault.at)
      const call = callIn(seen)
      if (call !== undefined && !(fault?.type === 'cut' && fault.at === 'before-send')) count(delivered, call)
      return fault
    },
  }
}

/** The server, the partition, the entry and the verb of a commit: one that lost the script is sent another verb. */
function callIn({ bytes, target }: RequestSeen): string | undefined {
  const text = bytes.toString('latin1')
  const { verb } = /^\*\d+\r\n\$\d+\r\n(?<verb>EVAL(?:SHA)?)\r\n/.exec(text)?.groups ?? {}
  const { partition } = /\{(?<partition>[^}]+)\}/.exec(text)?.groups ?? {}
  const entry = /(?:log|first|note)\/\d+/.exec(text)?.[0]
  return verb === undefined || partition === undefined || entry === undefined
    ? undefined
    : `${target.port} ${partition} ${entry} ${verb}`
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function shown(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ') || 'none'
}
