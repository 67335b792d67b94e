import { runTool } from '@cairnkit/tool-kit'
import { USAGE, readArguments } from './arguments.js'
import { runBench } from './bench.js'
import { writeReport } from './output/write-report.js'

await runTool({
  name: 'bench',
  usage: USAGE,
  readOptions: readArguments,
  run: async (options) => {
    const report = await runBench(options, process.stderr)
    process.stdout.write(await writeReport(report, options))
  },
})
