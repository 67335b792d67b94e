import { setMaxListeners } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StatusLine, bar, runTool } from '@cairnkit/tool-kit'
import { USAGE, readArguments } from './arguments.js'
import { differencesText, featuresText, verdictLine } from './output/report-text.js'
import type { CellReport } from './run/cell-report.js'
import { runCell } from './run/run-cell.js'

// LangGraph listens to one signal with each task of a run, and a run here may have many.
setMaxListeners(0)

/** LangGraph reports on the console what a node was given and does not have; a program is full of it. */
console.warn = () => {}

await runTool({
  name: 'programs',
  usage: USAGE,
  readOptions: readArguments,
  run: async ({ cells, count, seed, json }) => {
    const reports: CellReport[] = []
    for (const cell of cells) {
      let done = 0
      using status = new StatusLine(process.stderr, 500, () => `${cell} ${bar(done / count)} ${done}`)
      const report = await runCell({
        cell,
        seed,
        programs: count,
        onProgram: (programs) => (done = programs),
      })
      reports.push(report)
      status.say(`${cell}: ${report.programs} programs, ${report.unknown.length} differ for no known reason`)
    }
    if (json !== undefined) {
      await mkdir(dirname(json), { recursive: true })
      await writeFile(json, `${JSON.stringify(reports.map(plainReport), undefined, 2)}\n`)
    }
    process.stdout.write(
      `${featuresText(reports)}\n\n${differencesText(reports)}\n\n${verdictLine(reports, seed)}\n`,
    )
    if (reports.some(({ unknown }) => unknown.length > 0)) process.exitCode = 1
  },
})

function plainReport(report: CellReport): object {
  return {
    ...report,
    known: Object.fromEntries(report.known),
    features: Object.fromEntries(report.features),
  }
}
