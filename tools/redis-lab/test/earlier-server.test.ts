import { expect, onTestFinished, test } from 'vitest'
import { startLab } from '../src/index.js'

test('the server as 6.2 knows no command that came later, in any topology', async () => {
  for (const kind of ['standalone-tls', 'sentinel', 'cluster'] as const) {
    const lab = await startLab(kind, { program: 'redis-as-6.2' })
    onTestFinished(() => lab.stop())
    for (const node of lab.nodes) {
      const docs = (await node.command('COMMAND', 'DOCS')) as (string | string[])[]
      const later = docs.flatMap((name, at) => {
        const fields = docs[at + 1]
        const since = Array.isArray(fields) ? fields[fields.indexOf('since') + 1] : undefined
        return since !== undefined && Number(since.split('.')[0]) >= 7 ? [name] : []
      })
      expect(docs.length).toBeGreaterThan(300)
      expect(later).toEqual([])
      await expect(node.command('EVALSHA_RO', 'x', '0')).rejects.toThrow(/unknown command/)
    }
  }
})
