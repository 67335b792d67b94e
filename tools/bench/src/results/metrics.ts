/** How a figure is written. */
export type Unit = 'count' | 'ms' | 'us' | 'bytes' | 'ratio' | 'per-second'

export interface Metric {
  readonly label: string
  readonly unit: Unit
}

export type MetricName =
  | 'turnsPerSecond'
  | 'p50'
  | 'p99'
  | 'cpu'
  | 'growth'
  | 'sent'
  | 'received'
  | 'commands'
  | 'trips'
  | 'calls'
  | 'wire'
  | 'stored'
  | 'usedMemory'
  | 'firstRead'
  | 'laterRead'
  | 'toGet'
  | 'laterToGet'
  | 'serverTime'
  | 'readBytes'
  | 'readTrips'
  | 'putTime'
  | 'putToSet'
  | 'putCommand'
  | 'putPing'
  | 'getTime'
  | 'getToGet'
  | 'getCommand'
  | 'getPing'
  | 'tripsGetTuple'
  | 'tripsPut'
  | 'tripsPutWrites'
  | 'tripsListPage'
  | 'tripsDeltaHistory'
  | 'tripsDeleteThread'
  | 'tripsSuperstep'

/** Every figure that a row can have, in the order of the columns. "out" is from the process to the server. */
export const METRICS: Readonly<Record<MetricName, Metric>> = {
  turnsPerSecond: { label: 'turns/s', unit: 'per-second' },
  p50: { label: 'p50', unit: 'ms' },
  p99: { label: 'p99', unit: 'ms' },
  cpu: { label: 'CPU/turn', unit: 'ms' },
  growth: { label: 'last/first 20', unit: 'ratio' },
  sent: { label: 'out/turn', unit: 'bytes' },
  received: { label: 'in/turn', unit: 'bytes' },
  commands: { label: 'commands/turn', unit: 'count' },
  trips: { label: 'trips/turn', unit: 'count' },
  calls: { label: 'calls/turn', unit: 'count' },
  wire: { label: 'wire, all', unit: 'bytes' },
  stored: { label: 'stored', unit: 'bytes' },
  usedMemory: { label: 'used_memory', unit: 'bytes' },
  firstRead: { label: 'first read', unit: 'ms' },
  laterRead: { label: 'nothing cached', unit: 'ms' },
  toGet: { label: 'first read : GET+parse', unit: 'ratio' },
  laterToGet: { label: 'nothing cached : GET+parse', unit: 'ratio' },
  serverTime: { label: 'server time', unit: 'us' },
  readBytes: { label: 'bytes in', unit: 'bytes' },
  readTrips: { label: 'trips', unit: 'count' },
  putTime: { label: 'put', unit: 'ms' },
  putToSet: { label: 'put : SET', unit: 'ratio' },
  putCommand: { label: 'its longest command', unit: 'ms' },
  putPing: { label: 'a PING meanwhile', unit: 'ms' },
  getTime: { label: 'get', unit: 'ms' },
  getToGet: { label: 'get : GET', unit: 'ratio' },
  getCommand: { label: 'its longest command', unit: 'ms' },
  getPing: { label: 'a PING meanwhile', unit: 'ms' },
  tripsGetTuple: { label: 'getTuple', unit: 'count' },
  tripsPut: { label: 'put', unit: 'count' },
  tripsPutWrites: { label: 'putWrites', unit: 'count' },
  tripsListPage: { label: 'page of list', unit: 'count' },
  tripsDeltaHistory: { label: 'history of 300', unit: 'count' },
  tripsDeleteThread: { label: 'deleteThread', unit: 'count' },
  tripsSuperstep: { label: 'put + 3 putWrites', unit: 'count' },
}

export const METRIC_NAMES: readonly MetricName[] = Object.keys(METRICS) as MetricName[]
