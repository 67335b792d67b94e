import { textTable } from '@cairnkit/tool-kit'
import { findingTypes } from '../check/findings.js'
import type { CellReport } from '../report/cell-report.js'
import { count, seconds } from './format.js'

/** How many broken promises are printed; all of them are in the JSON. */
const LINES = 20

/** What a terminal shows of one topology. */
export function cellText(report: CellReport): string {
  const { plan, clients, faults, broken, warnings } = report
  const asked = `replicas ${plan.saver.replicas}, healing ${plan.saver.healing ?? 'default'}`
  const settings = `${asked}, seed ${plan.seed}, cut by ${plan.network}, ${seconds(report.seconds * 1000)}`
  const header = [
    'fault',
    'times',
    ...clients.map(({ client }) => `outage ${client}`),
    'lost',
    'though it went on',
  ]
  const rows = faults.map(({ kind, times, lost, lostThoughWentOn, mayLose }) => [
    kind,
    String(times),
    ...clients.map(({ outageMsByFault }) => seconds(outageMsByFault[kind] ?? 0)),
    mayLose ? count(lost) : '-',
    mayLose ? count(lostThoughWentOn) : '-',
  ])
  const quiet = ['(none)', '', ...clients.map(({ quietMs }) => seconds(quietMs)), '', '']
  const found = findingTypes.map((type) => `${type} ${count(report.found[type])}`).join(', ')
  const written = `${count(report.acknowledgedCheckpoints)} checkpoints and ${count(report.acknowledgedWrites)} writes`
  return [
    `${plan.topology}: ${settings}`,
    '',
    textTable(header, [...rows, quiet]),
    '',
    `operations ${count(report.operations)} in ${count(report.turns)} turns of ${count(report.threads)} threads; faults ${count(faults.reduce((sum, { times }) => sum + times, 0))}`,
    `acknowledged ${written}; refused ${count(report.refused)} operations`,
    `healed ${count(report.healed.checkpoints)} checkpoints and ${count(report.healed.writes)} writes`,
    found,
    ...clients.map(errorLine),
    `longest outage ${clients.map(({ client, longestOutageMs }) => `${client} ${seconds(longestOutageMs)}`).join(', ')}`,
    ...warnings.map((warning) => `said by a process of writers: ${warning}`),
    ...(broken.length === 0
      ? []
      : ['', `BROKEN, ${count(broken.length)}:`, ...broken.slice(0, LINES), `logs: ${report.directory}`]),
    '',
  ].join('\n')
}

function errorLine({ client, errors }: CellReport['clients'][number]): string {
  const seen = errors.map(({ what, count: times }) => `${what} ${count(times)}`).join(', ')
  return `errors that the application saw, ${client}: ${seen === '' ? 'none' : seen}`
}
