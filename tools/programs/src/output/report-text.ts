import { features } from '@cairnkit/conformance/programs'
import { textTable } from '@cairnkit/tool-kit'
import { knownDifferences } from '../subject/known-differences.js'
import type { CellReport } from '../run/cell-report.js'

/** Differences that are printed in full, for each cell; the others are counted. */
const MOST_SHOWN = 5

/** How many programs differ, by cell and by cause, and what the differences are that nobody knows. */
export function differencesText(reports: readonly CellReport[]): string {
  const causes = knownDifferences.map((known, at) => ({ ...known, letter: letterOf(at) }))
  const rows = reports.map(({ cell, programs, same, known, unknown, cpuSeconds, seconds }) => [
    cell,
    count(programs),
    count(same),
    ...causes.map(({ name }) => count(known.get(name) ?? 0)),
    count(unknown.length),
    `${Math.round((1000 * cpuSeconds) / programs)} ms`,
    `${Math.round(seconds)} s`,
  ])
  const header = [
    'cell',
    'programs',
    'same',
    ...causes.map(({ letter }) => letter),
    'unknown',
    'CPU each',
    'time',
  ]
  return [
    textTable(header, rows),
    '',
    ...causes.map(({ name, cause, origin, letter }) => `${letter} (${origin}): ${name}: ${cause}`),
    ...reports.flatMap(({ cell, unknown }) =>
      unknown.slice(0, MOST_SHOWN).map((difference) => `\n=== ${cell}: unknown difference\n${difference}`),
    ),
  ].join('\n')
}

/** In how many programs of all cells each part of the generator was used. */
export function featuresText(reports: readonly CellReport[]): string {
  const rows = features.map((feature) => [
    feature,
    count(reports.reduce((sum, report) => sum + (report.features.get(feature) ?? 0), 0)),
  ])
  return textTable(['what programs had in them', 'programs'], rows)
}

/** The last line of a run. */
export function verdictLine(reports: readonly CellReport[], seed: number): string {
  const sum = (numberOf: (report: CellReport) => number): number =>
    reports.reduce((total, report) => total + numberOf(report), 0)
  const programs = sum((report) => report.programs)
  const unknown = sum((report) => report.unknown.length)
  const known = programs - unknown - sum((report) => report.same)
  const unused = features.filter((feature) => sum((report) => report.features.get(feature) ?? 0) === 0)
  const where = reports.map(({ cell }) => cell).join(', ')
  const what = `${count(programs)} programs from seed ${seed} on ${where}, ${count(known)} differ as is known`
  const left = unused.length === 0 ? 'nothing left out' : `left out: ${unused.join(', ')}`
  return unknown === 0
    ? `programs: held, ${what}, ${left}`
    : `programs: BROKEN, ${count(unknown)} differ for no known reason, ${what}, ${left}`
}

function letterOf(at: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + at)
}

function count(value: number): string {
  return value.toLocaleString('en')
}
