import { UsageError, runTool } from '@cairnkit/tool-kit'

await runTool({
  name: 'any',
  usage: 'Usage: any\n',
  readOptions: ([word = '']) => {
    if (word === 'nonsense') throw new UsageError('no nonsense')
    return word === 'help' ? 'help' : word
  },
  run: async (word) => {
    if (word === 'fail') throw new Error('failed')
    // A timer that does not keep the process alive.
    await new Promise<void>((resolve) => void setTimeout(resolve, 50).unref())
    process.stdout.write('done\n')
  },
})
