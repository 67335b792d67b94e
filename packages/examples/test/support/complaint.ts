import { expect } from 'vitest'
import { runDemo } from './program.js'

/** One message, exit code 1, no stack. */
export async function expectComplaint(args: readonly string[], complaint: RegExp): Promise<void> {
  const { exitCode, stderr } = await runDemo(args)
  expect(stderr).toMatch(complaint)
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m)
  expect(stderr.match(/failed \(/g)?.length ?? 0).toBeLessThanOrEqual(1)
  expect(exitCode).toBe(1)
}
