import type { MetricName } from '../results/metrics.js'
import type { Bound, Budget } from './budget.js'
import { crowdedId } from '../savers/crowded.js'

const DESIGN = 'DESIGN 7'
const ISSUE = 'issue 3'
const BOTH = 'DESIGN 7, issue 3'
const HOLD = 'DESIGN 4, issue 14'

const ON_REDIS = ['cairn-ioredis', 'cairn-node-redis']
const ON_ANY_REDIS = [...ON_REDIS, 'cairn-ioredis-cluster', 'cairn-node-redis-cluster']

const MB = 1e6
const KB = 1e3

const atMost = (value: number, unit: Bound['unit'], note?: string): Bound => ({
  kind: 'at most',
  value,
  unit,
  ...(note === undefined ? {} : { note }),
})

function figure(workload: string, metric: MetricName): Pick<Budget, 'workload' | 'measure'> {
  return { workload, measure: (view, saver) => view.figure(workload, saver, metric) }
}

/** A figure of a saver over the same figure of another one in the same run. */
function against(workload: string, metric: MetricName, other: string): Pick<Budget, 'workload' | 'measure'> {
  return {
    workload,
    measure: (view, saver) =>
      quotient(view.figure(workload, saver, metric), view.figure(workload, other, metric)),
  }
}

function quotient(above: number | undefined, below: number | undefined): number | undefined {
  return above === undefined || below === undefined ? undefined : above / below
}

/** The least of the rounds: what others on the machine cost is only ever added. */
function longestCommand(what: string, metric: MetricName): Budget {
  return {
    what: `longest command of a ${what} of 30 MB, best round`,
    source: HOLD,
    bound: atMost(10, 'ms'),
    savers: ON_ANY_REDIS,
    workload: 'large-30mb',
    measure: (view, saver) => view.least('large-30mb', saver, metric),
  }
}

function oneTrip(what: string, metric: MetricName, most = 1): Budget {
  const bound = atMost(most, 'count')
  return {
    what: `round trips: ${what}`,
    source: BOTH,
    bound,
    savers: ON_ANY_REDIS,
    ...figure('trips', metric),
  }
}

/** Every budget that a run can judge. Sizes are decimal, the stricter reading. */
export const budgets: readonly Budget[] = [
  {
    what: 'turns/s of MemorySaver, chat of 500 B',
    source: BOTH,
    bound: { kind: 'at least', value: 3, unit: 'ratio' },
    savers: ON_REDIS,
    ...against('chat-500', 'turnsPerSecond', 'memory-saver'),
  },
  {
    what: 'turns/s of PostgresSaver, chat of 500 B',
    source: BOTH,
    bound: { kind: 'at least', value: 8, unit: 'ratio' },
    savers: ON_REDIS,
    ...against('chat-500', 'turnsPerSecond', 'postgres-saver'),
  },
  {
    what: 'CPU a turn of doing nothing, chat of 500 B',
    source: DESIGN,
    bound: atMost(1.6, 'ratio'),
    savers: ON_REDIS,
    ...against('chat-500', 'cpu', 'does-nothing'),
  },
  {
    what: 'CPU a turn of doing nothing, chat of 500 B',
    source: ISSUE,
    bound: atMost(2, 'ratio'),
    savers: ON_REDIS,
    ...against('chat-500', 'cpu', 'does-nothing'),
  },
  {
    what: 'last 20 turns against first 20, chat of 500 B',
    source: BOTH,
    bound: atMost(1.3, 'ratio'),
    savers: ON_REDIS,
    ...figure('chat-500', 'growth'),
  },
  {
    what: 'stored, chat of 500 B, full history',
    source: BOTH,
    bound: atMost(2 * MB, 'bytes'),
    savers: ON_ANY_REDIS,
    ...figure('chat-500', 'stored'),
  },
  {
    what: 'stored, chat of 2 KB, full history',
    source: BOTH,
    bound: atMost(4 * MB, 'bytes'),
    savers: ON_ANY_REDIS,
    ...figure('chat-2k', 'stored'),
  },
  {
    what: 'on the wire, both ways, agent of 20 turns',
    source: BOTH,
    bound: atMost(0.5 * MB, 'bytes'),
    savers: ON_REDIS,
    ...figure('agent', 'wire'),
  },
  oneTrip('getTuple', 'tripsGetTuple'),
  oneTrip('put', 'tripsPut'),
  oneTrip('putWrites', 'tripsPutWrites'),
  oneTrip('one page of list', 'tripsListPage'),
  oneTrip('deleteThread', 'tripsDeleteThread'),
  oneTrip('a superstep in flight together', 'tripsSuperstep'),
  oneTrip('getDeltaChannelHistory of 300, one per 256', 'tripsDeltaHistory', 2),
  {
    what: 'latest read with 1,000,000 other keys against none, best rounds',
    source: DESIGN,
    bound: atMost(1.2, 'ratio', 'the same, but for noise'),
    savers: ON_REDIS,
    workload: 'latest-read',
    measure: (view, saver) =>
      quotient(view.least('latest-read', crowdedId(saver), 'p50'), view.least('latest-read', saver, 'p50')),
  },
  {
    what: 'bytes of a warm getTuple of 400 messages, both ways',
    source: ISSUE,
    bound: { kind: 'below', value: 4 * KB, unit: 'bytes' },
    savers: ON_REDIS,
    workload: 'warm-read',
    measure: (view, saver) => {
      const sent = view.figure('warm-read', saver, 'sent')
      const received = view.figure('warm-read', saver, 'received')
      return sent === undefined || received === undefined ? undefined : sent + received
    },
  },
  {
    what: 'cold open of 400 messages against GET and parse, in a new process',
    source: ISSUE,
    bound: atMost(4, 'ratio'),
    savers: ON_REDIS,
    ...figure('cold-open-400', 'toGet'),
  },
  {
    what: 'the same in a process that has run the code before',
    source: ISSUE,
    bound: atMost(4, 'ratio'),
    savers: ON_REDIS,
    ...figure('cold-open-400', 'laterToGet'),
  },
  {
    what: 'round trips: getTuple of 400 messages, nothing cached',
    source: BOTH,
    bound: atMost(1, 'count'),
    savers: ON_REDIS,
    ...figure('cold-open-400', 'readTrips'),
  },
  {
    what: 'server time of a cold open of 400 messages',
    source: ISSUE,
    bound: { kind: 'below', value: 1000, unit: 'us' },
    savers: ON_REDIS,
    ...figure('cold-open-400', 'serverTime'),
  },
  longestCommand('put', 'putCommand'),
  longestCommand('get', 'getCommand'),
]
