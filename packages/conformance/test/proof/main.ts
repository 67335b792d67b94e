import { StatusLine, type Tool, nameOptions, parseOptions, runTool } from '@cairnkit/tool-kit'
import { checkpointerProof } from '../checkpointer/proof.js'
import { networkProof } from '../driver/network-proof.js'
import { driverProof } from '../driver/proof.js'
import { type Extent, type Proof, judge } from './proof.js'
import { type Verdict, tableOf, whatNothingDependsOn } from './table.js'

const proofs = { checkpointer: checkpointerProof, driver: driverProof, network: networkProof } as const
type Name = keyof typeof proofs
const names = Object.keys(proofs) as Name[]

const usage = `npm run proofs -- [options]

Runs the conformance suites on implementations that are broken on purpose, and prints which tests caught each.

  --suite NAMES   ${names.join(', ')}; several with commas (default: all)
  --whole         run the whole suite on each of them, and not only the tests that must notice:
                  shows all that do, and the tests and sections of the suite that nothing depends on
`

interface Options {
  readonly suites: readonly Name[]
  readonly extent: Extent
}

const tool: Tool<Options> = {
  name: 'proofs',
  usage,
  readOptions: (args) => {
    const { values } = parseOptions({
      args: [...args],
      options: { suite: { type: 'string' }, whole: { type: 'boolean' }, help: { type: 'boolean' } },
    })
    if (values.help === true) return 'help'
    return {
      suites: nameOptions('--suite', values.suite, names) ?? names,
      extent: values.whole === true ? 'whole suite' : 'named tests',
    }
  },
  run: async ({ suites, extent }) => {
    for (const name of suites) {
      const proof = proofs[name]
      const verdicts = await judgeAll(proof, extent)
      console.log(`${tableOf(proof, verdicts)}\n`)
      if (verdicts.some(({ missedBy }) => missedBy.length > 0)) process.exitCode = 1
      if (extent === 'whole suite')
        console.log(`${whatNothingDependsOn(await proof.runUnbroken(), verdicts)}\n`)
    }
  },
}

async function judgeAll({ suite, broken }: Proof, extent: Extent): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  const text = (): string => `${suite}: ${verdicts.length} of ${broken.length}`
  using status = new StatusLine(process.stderr, 1000, text)
  for (const one of broken) {
    verdicts.push({ broken: one, ...(await judge(one, extent)) })
    status.draw()
  }
  return verdicts
}

await runTool(tool)
