import { grouped } from './grouped.js'
import { nameInAnyCell, projectLabel } from './records.js'
import type { RunRecord, TestRecord } from './records.js'

/** How the skipped tests are told: each by its name, or as many as have the same reason. */
export type SkipDetail = 'names' | 'reasons'

/** The skipped tests with their reasons. What has the same line in several projects shares it. */
export function skips(run: RunRecord, detail: SkipDetail): string {
  const skipped = run.tests.filter(({ state, reason }) => state === 'skipped' && reason !== undefined)
  if (skipped.length === 0) return ''
  const lines =
    detail === 'names'
      ? [...grouped(skipped, (test) => `${test.suite} > ${nameInAnyCell(test)}: ${test.reason}`)].map(
          ([line, tests]) => `${line} (${projectsOf(tests)})`,
        )
      : [...grouped(skipped, ({ reason = '' }) => reason)].map(([reason, tests]) => {
          const names = new Set(tests.map((test) => `${test.suite} > ${nameInAnyCell(test)}`))
          return `${names.size} x ${reason} (${projectsOf(tests)})`
        })
  return ['Skipped', ...lines.map((line) => `  ${line}`)].join('\n')
}

/** The suites that were left out on purpose, with the reasons. */
export function leftOut(run: RunRecord): string {
  const entries = Object.entries(run.leftOut).flatMap(([project, suites]) =>
    Object.entries(suites).map(([suite, reason]) => ({ project, suite, reason })),
  )
  if (entries.length === 0) return ''
  const lines = [...grouped(entries, ({ reason }) => reason)].flatMap(([reason, group]) => {
    const cellsOfSuites = grouped([...grouped(group, ({ suite }) => suite)], ([, places]) =>
      projectsOf(places),
    )
    return [
      `  ${reason}`,
      ...[...cellsOfSuites].map(
        ([cells, suites]) => `    ${suites.map(([suite]) => suite).join(', ')} (${cells})`,
      ),
    ]
  })
  return ['Left out, marked ~', ...lines].join('\n')
}

function projectsOf(tests: readonly Pick<TestRecord, 'project'>[]): string {
  return [...new Set(tests.map(({ project }) => projectLabel(project)))].join('; ')
}
