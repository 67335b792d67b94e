import { Keyspace } from '@cairnkit/core'
import { startLab } from '@cairnkit/redis-lab'
import { describe, expect, it } from 'vitest'
import { optionsFor } from '../support/lab-options.js'
import type { CreateDriver } from './client-under-test.js'

const kinds = ['standalone', 'sentinel', 'cluster'] as const

/** What a driver says of a server that allows no scripts, as some managed services do not. */
export function describeRefusedScripts(create: CreateDriver): void {
  describe.each(kinds)('a server that allows no scripts: %s', (kind) => {
    it('is told as such by opening, and by the first call', async () => {
      await using lab = await startLab(kind)
      const rules = ['on', '>pass', '~*', '&*', '+@all', '-@scripting']
      for (const node of lab.nodes) await node.command('ACL', 'SETUSER', 'plain', ...rules)
      const options = optionsFor(lab, { username: 'plain', password: 'pass' })
      await using driver = create(options)
      const opened = driver.open()
      await expect(opened).rejects.toMatchObject({ code: 'unsupported', disposition: 'permanent' })
      await expect(opened).rejects.toThrow(/the server runs no scripts for this user: .*NOPERM/)
      await using another = create(options)
      const called = new Keyspace(another, ['a']).partition('p').read([{ type: 'info' }])
      await expect(called).rejects.toMatchObject({ code: 'unsupported', disposition: 'permanent' })
      await expect(called).rejects.toThrow(/a plan of the service, that has them/)
    }, 60_000)
  })

  it('a server that has no such commands is told in the same way', async () => {
    // A line of the configuration has one name and one value.
    const gone = ['EVALSHA ""', 'EVAL ""'].join('\nrename-command ')
    await using lab = await startLab('standalone', { config: { 'rename-command': gone } })
    await using driver = create(optionsFor(lab))
    const opened = driver.open()
    await expect(opened).rejects.toMatchObject({ code: 'unsupported', disposition: 'permanent' })
    await expect(opened).rejects.toThrow(/the server runs no scripts for this user: .*unknown command/)
  })
}
