import { format, inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { wireArgument } from '../src/connections/sending/wire.js'

const TEXT = 'what the customer said, é😀'
const bytes = Buffer.from(TEXT)

describe('an argument', () => {
  for (const [kind, given] of Object.entries({ Buffer: bytes, Uint8Array: Uint8Array.from(bytes) })) {
    const argument = wireArgument(given)
    const shown = `[${bytes.length} bytes]`

    it(`that is a ${kind} prints as its length, however it is printed`, () => {
      expect([
        String(argument),
        `${argument.toString()}`,
        [argument].join(' '),
        argument.toString('utf8' as never),
        argument.toLocaleString(),
        JSON.stringify({ args: [argument] }),
        inspect(argument),
        inspect({ args: [argument] }, { showHidden: true }),
        format('%s %o %j', argument, argument, argument),
      ]).toEqual([
        ...[shown, shown, shown, shown, shown],
        `{"args":["${shown}"]}`,
        shown,
        `{ args: [ ${shown}, [length]: 1 ] }`,
        `${shown} ${shown} "${shown}"`,
      ])
    })

    it(`that is a ${kind} is a Buffer of the same bytes, and no copy`, () => {
      expect(argument).toBeInstanceOf(Buffer)
      if (typeof argument === 'string') return
      expect(Buffer.isBuffer(argument)).toBe(true)
      expect(Buffer.concat([argument]).toString()).toBe(TEXT)
      expect(Buffer.from(argument).toString()).toBe(TEXT)
      expect(argument.subarray(0, 4).toString()).toBe('what')
      expect(argument.equals(bytes)).toBe(true)
      expect(argument.buffer).toBe(given.buffer)
    })
  }

  it('that is text stays text', () => {
    expect(wireArgument('EX')).toBe('EX')
  })
})
