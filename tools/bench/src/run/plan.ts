import type { Contender } from '../savers/contender.js'
import type { Workload } from '../workloads/workload.js'

/** The packages as users install them, or their sources as they lie here, which a loader makes somewhat slower. */
export type MeasuredCode = 'built' | 'source'

/** What was asked for. */
export interface Plan {
  readonly quick: boolean
  readonly rounds: number
  readonly seed: number
  /** Ids of workloads, in the order of the run. */
  readonly only: readonly string[]
  readonly contenders: readonly Contender[]
  readonly code: MeasuredCode
  /** Whether the savers were named; then a quick run measures them everywhere. */
  readonly named: boolean
}

/** Those of the savers that take part in a workload of this run. */
export function fieldOf(
  { quick, named, contenders }: Plan,
  quickSavers: readonly string[] | undefined,
): readonly Contender[] {
  if (!quick || named || quickSavers === undefined) return contenders
  return contenders.filter(({ id }) => quickSavers.includes(id))
}

/** Why a saver is not measured on a workload, though it could start; undefined when it is. */
export function whyNotApplicable(
  workload: Pick<Workload, 'needsHistory'>,
  contender: Contender,
): string | undefined {
  if (workload.needsHistory && !contender.history) return 'keeps no history'
  return undefined
}

/** The order of a round: everyone is first once, so that a machine that warms up or slows down favours nobody. */
export function rotated<T>(items: readonly T[], by: number): T[] {
  const at = items.length === 0 ? 0 : by % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}
