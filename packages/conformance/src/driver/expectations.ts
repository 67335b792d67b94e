import assert from 'node:assert/strict'
import type { CommitResult } from '@cairnkit/core/driver'
import { same } from './same.js'

export function expectRejected(result: CommitResult, failedChecks: readonly number[]): void {
  assert.ok(!result.ok, 'the commit was to be rejected, and it was applied')
  same([...result.failedChecks], failedChecks)
}

export function expectApplied(result: CommitResult, created: boolean): void {
  assert.ok(result.ok, 'the commit was to be applied, and it was rejected')
  assert.equal(result.created, created, 'whether the partition was created')
}
