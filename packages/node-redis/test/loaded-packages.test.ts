import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import '../src/index.js'

it('loads @redis/client and nothing of redis, which would load the commands of all modules when a process starts', () => {
  const loaded = Object.keys(createRequire(import.meta.url).cache)
  const packages = loaded.flatMap(
    (file) => /node_modules[\\/]((?:@redis[\\/])?[^\\/]+)/.exec(file)?.[1] ?? [],
  )
  expect([...new Set(packages)].filter((name) => /redis/.test(name))).toEqual(['@redis/client'])
})
