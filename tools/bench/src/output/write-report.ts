import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Report } from '../results/report.js'
import { busyLine, machineLine } from '../results/machine.js'
import { budgetTable } from './budget-table.js'
import { htmlPage } from './html-page.js'
import { workloadTable } from './workload-table.js'

/** Writes the files, and gives what the terminal shows. */
export async function writeReport(
  report: Report,
  files: { readonly json: string; readonly html: string },
): Promise<string> {
  await write(files.json, `${JSON.stringify(report, undefined, 2)}\n`)
  await write(files.html, htmlPage(report))
  const { quick, rounds, seconds, seed } = report
  const run = `${quick ? 'quick run, ' : ''}${rounds} ${rounds === 1 ? 'round' : 'rounds'}, seed ${seed}, ${seconds} s`
  const parts = [
    ...report.workloads.map(workloadTable),
    budgetTable(report.budgets),
    [machineLine(report.machine), run, busyLine(report.machine)].filter(Boolean).join('\n'),
    `Figures: ${files.json}\nPlots:   ${files.html}`,
  ]
  return `\n${parts.join('\n\n')}\n`
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}
