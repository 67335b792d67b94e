import { connections } from './connections.js'
import type { Failure } from './failure.js'
import { contents } from './contents.js'
import { rights } from './rights.js'
import { roles, slots } from './roles.js'
import { serverState } from './server-state.js'

/** Every failure that is provoked. */
export const failures: readonly Failure[] = [
  ...serverState,
  ...roles,
  ...slots,
  ...rights,
  ...contents,
  ...connections,
]
