import type { CellReport } from '../report/cell-report.js'
import { count, seconds } from './format.js'

/** The last line of a run: whether everything that was promised held. */
export function verdictLine(reports: readonly CellReport[]): string {
  const broken = reports.reduce((sum, report) => sum + report.broken.length, 0)
  const faults = reports.flatMap((report) => report.faults).reduce((sum, { times }) => sum + times, 0)
  const acknowledged = reports.reduce(
    (sum, report) => sum + report.acknowledgedCheckpoints + report.acknowledgedWrites,
    0,
  )
  const lost = reports.flatMap((report) => report.faults).reduce((sum, fault) => sum + fault.lost, 0)
  const where = reports.map(({ plan }) => plan.topology).join(', ')
  const time = seconds(1000 * reports.reduce((sum, report) => sum + report.seconds, 0))
  const what = `${count(acknowledged)} acknowledged under ${count(faults)} faults on ${where} in ${time}`
  const measured = lost === 0 ? 'nothing lost' : `${count(lost)} lost where Redis may lose`
  return broken === 0
    ? `chaos: held, ${what}, ${measured}`
    : `chaos: BROKEN in ${count(broken)} places, ${what}`
}
