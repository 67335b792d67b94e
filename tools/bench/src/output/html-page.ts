import { type Machine, busyLine, machineLine } from '../results/machine.js'
import type { JudgedBudget, Report, WorkloadResult } from '../results/report.js'
import { workloadPlots } from './workload-plots.js'
import { escapeText } from './plots/svg.js'
import { workloadTable } from './workload-table.js'

/** The whole run as one file that needs nothing else. */
export function htmlPage(report: Report): string {
  const { machine, quick, rounds, seed, seconds, startedAt, workloads, budgets } = report
  const run = `${quick ? 'Quick run' : 'Run'} of ${startedAt}: ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, seed ${seed}, ${seconds} s`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cairn bench</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Cairn bench</h1>
<p>${escapeText(run)}.<br>${escapeText(machineLine(machine))}.</p>${busyNote(machine)}
<p>Every saver runs in a process of its own; rounds are interleaved; bars are medians, the line over a bar goes from the
least to the greatest of the rounds. Compare figures of this page with each other only.</p>
<h2>Budgets</h2>
${budgetsTable(budgets)}
${workloads.map(section).join('\n')}
</body>
</html>
`
}

function busyNote(machine: Machine): string {
  const line = busyLine(machine)
  return line === undefined ? '' : `<p class="busy">${escapeText(line)}</p>`
}

function section(result: WorkloadResult): string {
  return `<h2 id="${result.id}">${escapeText(result.title)}</h2>
${workloadPlots(result).join('\n')}
<pre>${escapeText(workloadTable(result))}</pre>`
}

function budgetsTable(budgets: readonly JudgedBudget[]): string {
  const rows = budgets.flatMap(({ what, source, limit, judged }) =>
    judged.map(({ of, measured, verdict }) => {
      const cells = [what, limit, of, measured, verdict, source].map((text) => `<td>${escapeText(text)}</td>`)
      return `<tr class="${verdict.replace(' ', '-').toLowerCase()}">${cells.join('')}</tr>`
    }),
  )
  const head = ['budget', 'limit', 'of', 'measured', 'verdict', 'where it stands']
  return `<table><tr>${head.map((title) => `<th>${title}</th>`).join('')}</tr>${rows.join('\n')}</table>`
}

const STYLE = `
:root { color-scheme: light dark; --line: #8884; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1rem; }
svg { display: block; width: 100%; max-width: 760px; margin: 1rem 0; font: 12px system-ui, sans-serif; }
svg text { fill: currentColor; }
svg .title { font-weight: 600; font-size: 14px; }
svg .tick { opacity: 0.7; font-size: 11px; }
svg .grid { stroke: var(--line); }
svg .spread { stroke: currentColor; stroke-width: 2; opacity: 0.75; }
p.busy { color: #d33; font-weight: 600; }
pre { overflow-x: auto; font-size: 12px; line-height: 1.35; }
table { border-collapse: collapse; font-size: 13px; }
th, td { text-align: left; padding: 2px 10px 2px 0; border-bottom: 1px solid var(--line); }
tr.met td:nth-child(5) { color: #2a8f4f; }
tr.missed td:nth-child(5) { color: #d33; font-weight: 700; }
tr.not-measured { opacity: 0.5; }
`
