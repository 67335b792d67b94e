import { resp } from '@cairnkit/conformance/faults'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'

const seed = Number(process.env['CAIRN_SEED'] ?? Date.now() % 2 ** 31)

/** What servers answer, and what clients send: each is one message. */
const messages = [
  '+OK\r\n',
  '-ERR wrong\r\n',
  ':42\r\n',
  '$-1\r\n',
  '$0\r\n\r\n',
  '$7\r\n\r\n+OK\r\n\r\n',
  '*-1\r\n',
  '*0\r\n',
  '*2\r\n$1\r\na\r\n*2\r\n:1\r\n$-1\r\n',
  '*3\r\n$7\r\nEVALSHA\r\n$3\r\n*1\r\r\n$0\r\n\r\n',
  '_\r\n',
  '#t\r\n',
  ',1.5\r\n',
  '(123456789012345678901234567890\r\n',
  '!9\r\nERR\r\nnope\r\n',
  '=7\r\ntxt:a\r\n\r\n',
  '%2\r\n+a\r\n:1\r\n+b\r\n*1\r\n:2\r\n',
  '~2\r\n:1\r\n:2\r\n',
  '>2\r\n+push\r\n:1\r\n',
  '|1\r\n+ttl\r\n:1\r\n$1\r\na\r\n',
  'PING inline\r\n',
] as const

describe(`the protocol of Redis, seed ${seed}`, () => {
  it('is cut into its messages, however it arrives', () => {
    const stream = fc.array(fc.constantFrom(...messages), { minLength: 1, maxLength: 12 })
    const pieces = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(stream, pieces, (sent, sizes) => {
        const bytes = Buffer.from(sent.join(''))
        const requests = resp.requests()
        const replies = resp.replies()
        const got: string[] = []
        const answers: number[] = []
        let at = 0
        for (let turn = 0; at < bytes.length; turn++) {
          const end = at + (sizes[turn % sizes.length] as number)
          const chunk = bytes.subarray(at, end)
          got.push(...requests(chunk).map(String))
          answers.push(...replies(chunk).map((reply) => reply.answers))
          at = end
        }
        expect(got).toEqual(sent)
        expect(answers).toEqual(sent.map((message) => (message.startsWith('>') ? 0 : 1)))
      }),
      { seed, numRuns: 300 },
    )
  })

  it('is not copied again and again while a large value arrives', () => {
    const split = resp.requests()
    const value = Buffer.alloc(64 * 1024 * 1024, 'x')
    const bytes = Buffer.concat([Buffer.from(`*1\r\n$${value.length}\r\n`), value, Buffer.from('\r\n')])
    using concat = vi.spyOn(Buffer, 'concat')
    let found = 0
    for (let at = 0; at < bytes.length; at += 65_536) found += split(bytes.subarray(at, at + 65_536)).length
    expect(found).toBe(1)
    const copied = concat.mock.results.map(({ value: joined }) => (joined as Buffer).length)
    expect(copied.reduce((sum, length) => sum + length, 0)).toBeLessThan(2 * value.length)
  })
})
