import assert from 'node:assert/strict'
import { encodePartitionId } from '@cairnkit/core/driver'
import { hostileEntries } from '../hostile-inputs.js'
import { expire, object, put, remove } from './mutations.js'
import { faultOf } from './subject.js'
import { type DriverSuite, freshId } from './suite.js'
import { same } from './same.js'

/** `partitions(prefix)`. A driver that cannot list says so in its capabilities, and by code `unsupported`. */
export function listing(suite: DriverSuite): void {
  suite.section('listing of partitions', () => {
    suite.test('lists what begins with the prefix, each once', async () => {
      const root = listable(suite)
      const ids = [`${root}:a`, `${root}:a:b`, `${root}:b`, `${root}`, `${root}0`]
      await create(suite, ids)
      same(await list(suite, root), [...ids].sort())
      same(await list(suite, `${root}:`), ids.slice(0, 3).sort())
      same(await list(suite, `${root}:a`), ids.slice(0, 2).sort())
      same(await list(suite, `${root}:a:b`), [`${root}:a:b`])
      same(await list(suite, `${root}:c`), [])
    })

    suite.test('lists everything for the empty prefix', async () => {
      const id = `${listable(suite)}:a`
      await create(suite, [id])
      assert.ok((await list(suite, '')).includes(id))
    })

    suite.test('takes the prefix as it is: no character of it is a pattern', async () => {
      const root = listable(suite)
      const tricky = ['*', '?', '[a-z]', '\\', '^', '$', '.', '{a,b}', "'", '%', '_'].map((part) =>
        encodePartitionId([part]),
      )
      await create(suite, [...tricky.map((part) => `${root}:${part}:x`), `${root}:aaaa:x`])
      for (const part of tricky) same(await list(suite, `${root}:${part}:`), [`${root}:${part}:x`], part)
      for (const pattern of ['*', '?', '[', '[a-z]*', '\\', 'a*', '????', '.'])
        same(
          await list(suite, `${root}:${pattern}:`),
          tricky.includes(pattern) ? [`${root}:${pattern}:x`] : [],
        )
    })

    suite.test('lists hostile names exactly', async () => {
      const root = listable(suite)
      const ids = hostileEntries.map(([, text]) => `${root}:${encodePartitionId([text])}`)
      await create(suite, ids)
      same(await list(suite, `${root}:`), [...ids].sort())
    })

    suite.test('gives their parts back through a keyspace', async () => {
      listable(suite)
      const keyspace = suite.keyspace()
      const names = hostileEntries.map(([, text]) => [text, 'x', ''])
      for (const name of names) await keyspace.partition(...name).commit({ mutations: [put(['a'])] })
      const found: string[][] = []
      for await (const parts of keyspace.partitions()) found.push(parts)
      same(found.sort(byText), names.sort(byText))
    })

    suite.test('lists no partition that is emptied, dropped or expired', async () => {
      const root = listable(suite)
      const [emptied, dropped, expired, kept, objects] = ['1', '2', '3', '4', '5'].map(
        (name) => `${root}:${name}`,
      ) as [string, string, string, string, string]
      await create(suite, [emptied, dropped, expired, kept])
      await suite.driver.commit(emptied, { mutations: [remove(['a'])] })
      await suite.driver.drop(dropped)
      await suite.driver.commit(expired, { mutations: [expire(suite.shortTtlMs)] })
      await suite.driver.commit(objects, { mutations: [object('alone')] })
      await suite.letExpire()
      same(await list(suite, `${root}:`), [kept, objects])
    })

    suite.test('lists a thousand', async () => {
      const root = listable(suite)
      const ids = Array.from({ length: 1000 }, (_, at) => `${root}:${String(at).padStart(4, '0')}`)
      await create(suite, ids)
      same(await list(suite, `${root}:`), ids)
    })

    suite.test('may be left early, and started anew', async () => {
      const root = listable(suite)
      await create(suite, [`${root}:a`, `${root}:b`, `${root}:c`])
      for (let round = 0; round < 3; round++) {
        let seen = 0
        for await (const id of suite.driver.partitions(`${root}:`)) {
          assert.ok(id.startsWith(root))
          if (++seen === 2) break
        }
        assert.equal(seen, 2)
      }
    })

    suite.test('goes on while partitions are written and dropped', async () => {
      const root = listable(suite)
      const stable = Array.from({ length: 50 }, (_, at) => `${root}:stable${at}`)
      await create(suite, stable)
      const seen: string[] = []
      for await (const id of suite.driver.partitions(`${root}:`)) {
        seen.push(id)
        const other = `${root}:other${seen.length % 7}`
        if (seen.length < 200) await create(suite, [other])
        await suite.driver.drop(other)
      }
      const found = seen.filter((id) => id.includes(':stable'))
      same(found.sort(), [...stable].sort())
    })

    suite.test('stops when its signal fires', async () => {
      const root = listable(suite)
      await create(suite, [`${root}:a`, `${root}:b`, `${root}:c`])
      const controller = new AbortController()
      const walk = async (): Promise<void> => {
        for await (const id of suite.driver.partitions(`${root}:`, { signal: controller.signal })) {
          assert.ok(id)
          controller.abort()
        }
      }
      assert.equal((await faultOf(suite.driver, walk())).code, 'aborted')
    })

    suite.test('is refused with a code where it cannot be done', async () => {
      if (suite.driver.capabilities.partitionListing) suite.skip('this driver can list')
      assert.equal((await faultOf(suite.driver, list(suite, ''))).code, 'unsupported')
    })
  })
}

/** A prefix that nobody else uses; skips the test where the driver cannot list. */
function listable(suite: DriverSuite): string {
  if (!suite.driver.capabilities.partitionListing) suite.skip('this driver cannot list partitions')
  return freshId()
}

async function create(suite: DriverSuite, ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => suite.driver.commit(id, { mutations: [put(['a'])] })))
}

/** Sorted; repeated ids stay, and so fail the comparison. */
async function list(suite: DriverSuite, prefix: string): Promise<string[]> {
  const found: string[] = []
  for await (const id of suite.driver.partitions(prefix)) found.push(id)
  return found.sort()
}

function byText(left: readonly string[], right: readonly string[]): number {
  return encodePartitionId(left) < encodePartitionId(right) ? -1 : 1
}
