import type { CommandArgument } from '../resp.js'

export const SLOT_COUNT = 16_384

/** The hash slot of a key: of what stands between the first `{` and the next `}` if that is anything, else of all. */
export function slotOf(key: CommandArgument): number {
  const bytes = typeof key === 'string' ? Buffer.from(key) : Buffer.from(key)
  const open = bytes.indexOf('{')
  const close = open === -1 ? -1 : bytes.indexOf('}', open + 1)
  const hashed = close > open + 1 ? bytes.subarray(open + 1, close) : bytes
  return crc16(hashed) % SLOT_COUNT
}

/** CRC-16/XMODEM, which the cluster specification names. */
function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : ((crc << 1) ^ 0x1021) & 0xffff
  }
  return crc & 0xffff
}
