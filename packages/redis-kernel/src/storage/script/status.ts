/** The first element of a script's reply. The Lua headers say which script gives which. */

import { DriverFault, corrupt } from '@cairnkit/core/driver'

export const status = {
  decided: 2,
  ok: 1,
  checksFailed: 0,
  foreign: -1,
  noEpoch: -2,
  unreadable: -3,
  scored: -4,
  partsMissing: -5,
  underWay: -6,
  passed: -7,
} as const

/** The fault that a status stands for which is not told apart before. */
export function faultOfStatus(code: number): DriverFault {
  switch (code) {
    case status.foreign:
      return new DriverFault(
        { code: 'foreign', disposition: 'permanent' },
        'the key holds a sorted set that Cairn did not write',
      )
    case status.noEpoch:
      return corrupt('the epoch of the partition is missing')
    case status.scored:
      return corrupt('a member of the sorted set has another score than 0, so nothing in it is found')
    default:
      return new DriverFault(
        { code: 'unsupported', disposition: 'permanent' },
        `a script answered with the unknown status ${code}`,
      )
  }
}
