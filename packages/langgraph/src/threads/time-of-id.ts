/** The ids of LangGraph are UUIDs of version 6: they begin with the time, in 100 ns since this day. */
const GREGORIAN_MS = 12_219_292_800_000
const TICKS_PER_MS = 10_000n
const VERSION_6 = /^([\da-f]{8})-([\da-f]{4})-6([\da-f]{3})-[\da-f]{4}-[\da-f]{12}$/

/** When a checkpoint was made, by the process that made it; `undefined` for an id that does not tell. */
export function timeOfId(id: string | undefined): number | undefined {
  const match = id === undefined ? null : VERSION_6.exec(id)
  if (match === null) return undefined
  const ticks = BigInt(`0x${match.slice(1).join('')}`)
  const timeMs = Number(ticks / TICKS_PER_MS) - GREGORIAN_MS
  return timeMs >= 0 ? timeMs : undefined
}
