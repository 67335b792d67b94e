import { textTable } from '@cairnkit/tool-kit'
import { grouped } from './grouped.js'
import { type RunRecord, inSeconds, projectLabel } from './records.js'

/** As many suites as are worth a look when a run has become too long. */
const SHOWN = 60

/** The suites that took longest over all projects, with the longest places of each. */
export function longest(run: RunRecord): string {
  const places = Object.entries(run.suiteMs).flatMap(([project, suites]) =>
    Object.entries(suites).map(([suite, ms]) => ({ project, suite, ms })),
  )
  const rows = [...grouped(places, ({ suite }) => suite)]
    .map(([suite, group]) => ({ suite, group, ms: group.reduce((sum, { ms }) => sum + ms, 0) }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, SHOWN)
    .map(({ suite, group, ms }) => [
      inSeconds(ms),
      suite,
      group
        .sort((a, b) => b.ms - a.ms)
        .map((place) => `${projectLabel(place.project)} ${inSeconds(place.ms)}`)
        .join('; '),
    ])
  return textTable(['seconds', 'suite', 'where'], rows, 3)
}
