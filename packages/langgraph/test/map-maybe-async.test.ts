import { expect, test } from 'vitest'
import { mapMaybeAsync } from '../src/saver/map-maybe-async.js'

test('what is there is given at once, in order', () => {
  expect(mapMaybeAsync([1, 2], (item) => item * 2)).toEqual([2, 4])
})

test('what is not there yet is waited for', async () => {
  const given = mapMaybeAsync([1, 2], (item) => (item === 1 ? Promise.resolve('late') : 'there'))
  expect(given).toBeInstanceOf(Promise)
  expect(await given).toEqual(['late', 'there'])
})

test('a failure at once leaves no other failure unheard', async () => {
  const unheard: unknown[] = []
  const note = (reason: unknown): void => void unheard.push(reason)
  process.on('unhandledRejection', note)
  try {
    const give = (item: number): Promise<never> => {
      if (item === 2) throw new Error('at once')
      return Promise.reject(new Error('later'))
    }
    expect(() => mapMaybeAsync([1, 2], give)).toThrow('at once')
    await new Promise((over) => setImmediate(over))
    expect(unheard).toEqual([])
  } finally {
    process.off('unhandledRejection', note)
  }
})
