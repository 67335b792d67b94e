import { CairnError, StorageError } from '@cairnkit/core'
import { DriverFault } from '@cairnkit/core/driver'
import { expect, test } from 'vitest'
import { LeaseLostError, LeaseTimeoutError, ThreadConflictError } from '../src/index.js'

test('one test finds every error of Cairn, with a code and what is known of its effect', () => {
  const place = { driver: 'memory', operation: 'read' } as const
  const errors = [
    new StorageError({ ...place, code: 'timeout', disposition: 'transient', reason: 'no answer' }),
    new DriverFault({ code: 'closed', disposition: 'permanent' }, 'closed'),
    new ThreadConflictError('t', '', { expected: '1', actual: '2' }),
    new LeaseLostError('t', 'another run has it'),
    new LeaseTimeoutError('t', 100),
  ]
  expect(errors.map((error) => CairnError.isInstance(error))).toEqual(errors.map(() => true))
  expect(errors.map(({ code, disposition }) => [code, disposition])).toEqual([
    ['timeout', 'transient'],
    ['closed', 'permanent'],
    ['conflict', 'permanent'],
    ['lease-lost', 'permanent'],
    ['lease-timeout', 'transient'],
  ])
  for (const other of [new TypeError('x'), undefined, null, {}, { code: 'conflict' }])
    expect(CairnError.isInstance(other)).toBe(false)
})

test('the errors about runs are not mistaken for one another, nor for those of the storage', () => {
  const conflict = new ThreadConflictError('t', '', { expected: '1', actual: '2' })
  const tests = [ThreadConflictError, LeaseLostError, LeaseTimeoutError, StorageError, DriverFault]
  expect(tests.map(({ isInstance }) => isInstance(conflict))).toEqual([true, false, false, false, false])
})
