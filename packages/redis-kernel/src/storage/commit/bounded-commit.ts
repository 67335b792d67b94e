import type { CommitResult } from '@cairnkit/core/driver'
import type { EncodedCommit } from './commit-arguments.js'

/**
 * Sends a commit, and once more by a journal if the server has found its ranges to be too large for one script: it has applied
 * nothing then, and judges all checks anew.
 */
export async function commitBounded(
  encoded: EncodedCommit,
  send: (encoded: EncodedCommit) => Promise<CommitResult>,
): Promise<CommitResult> {
  const result = await send(encoded)
  if (encoded.bounded === undefined || result.ok) return result
  const { checks, inSteps } = encoded.bounded
  const failedChecks = result.failedChecks.filter((position) => position < checks)
  return failedChecks.length === 0 ? await send(inSteps) : { ...result, failedChecks }
}
