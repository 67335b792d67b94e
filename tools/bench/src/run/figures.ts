import type { CallCounts } from '../child/count-calls.js'
import type { RunCost } from '../child/meter.js'
import type { MetricName } from '../results/metrics.js'
import type { Figures } from '../results/report.js'
import { growth, quantile, spreadOf } from '../results/statistics.js'

/** One timed run, and what it left behind. */
export interface Sample {
  readonly cost: RunCost
  readonly storedBytes?: number | undefined
  /** How much the server's memory grew. */
  readonly usedMemory?: number | undefined
}

/** What the untimed run counted. */
export interface Survey {
  readonly turns: number
  readonly calls: CallCounts | undefined
  readonly commands: number | undefined
}

/** The figures of a row. What was not counted, or makes no sense for this saver, is absent. */
export function figuresOf(
  samples: readonly Sample[],
  survey: Survey | undefined,
  options: { readonly turns: number; readonly grows: boolean; readonly network: boolean },
): Figures {
  const figures: Partial<Record<MetricName, ReturnType<typeof spreadOf>>> = {}
  const add = (name: MetricName, values: readonly (number | undefined)[]): void => {
    const known = values.filter((value) => value !== undefined)
    if (known.length > 0) figures[name] = spreadOf(known)
  }
  const { turns, grows, network } = options
  const costs = samples.map(({ cost }) => cost)
  add(
    'turnsPerSecond',
    costs.map(({ wallMs }) => (1000 * turns) / wallMs),
  )
  add(
    'p50',
    costs.map(({ latenciesMs }) => quantile(latenciesMs, 0.5)),
  )
  add(
    'p99',
    costs.map(({ latenciesMs }) => quantile(latenciesMs, 0.99)),
  )
  add(
    'cpu',
    costs.map(({ cpuMs }) => cpuMs / turns),
  )
  if (grows)
    add(
      'growth',
      costs.map(({ latenciesMs }) => growth(latenciesMs)),
    )
  if (network) {
    add(
      'sent',
      costs.map(({ bytesSent }) => bytesSent / turns),
    )
    add(
      'received',
      costs.map(({ bytesReceived }) => bytesReceived / turns),
    )
    add(
      'trips',
      costs.map(({ trips }) => trips / turns),
    )
    add(
      'wire',
      costs.map(({ bytesSent, bytesReceived }) => bytesSent + bytesReceived),
    )
  }
  if (survey?.commands !== undefined) add('commands', [survey.commands / survey.turns])
  if (survey?.calls !== undefined) add('calls', [callsPerTurn(survey.calls, survey.turns)])
  add(
    'stored',
    samples.map(({ storedBytes }) => storedBytes),
  )
  add(
    'usedMemory',
    samples.map(({ usedMemory }) => usedMemory),
  )
  return figures
}

export function callsPerTurn(calls: CallCounts, turns: number): number {
  return Object.values(calls).reduce((sum, count) => sum + count, 0) / turns
}
