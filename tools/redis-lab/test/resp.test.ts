import { expect, test } from 'vitest'
import { RedisReplyError, type Reply, ReplyParser, encodeCommand, replyAsText } from '../src/resp.js'

const WIRE = Buffer.concat([
  Buffer.from(
    '+OK\r\n:42\r\n$-1\r\n*-1\r\n$0\r\n\r\n*3\r\n$5\r\na\r\n\0b\r\n*1\r\n:-7\r\n-ERR inside\r\n$3\r\n',
  ),
  Uint8Array.from([255, 0, 128]),
  Buffer.from('\r\n-MOVED 1 127.0.0.1:1\r\n'),
])

function parseInChunks(size: number): Reply[] {
  const parser = new ReplyParser()
  const replies: Reply[] = []
  for (let at = 0; at < WIRE.length; at += size) replies.push(...parser.push(WIRE.subarray(at, at + size)))
  return replies
}

test.each([1, 2, 3, 7, WIRE.length])('replies are read alike from chunks of %i bytes', (size) => {
  const replies = parseInChunks(size)
  expect(replies).toEqual([
    'OK',
    42,
    null,
    null,
    Buffer.alloc(0),
    [Buffer.from('a\r\n\0b'), [-7], new RedisReplyError('ERR inside')],
    Buffer.from([255, 0, 128]),
    new RedisReplyError('MOVED 1 127.0.0.1:1'),
  ])
  expect(replies.at(-1)).toMatchObject({ code: 'MOVED' })
  expect(replyAsText(replies[5] ?? null)).toMatchObject(['a\r\n\0b', [-7], { code: 'ERR' }])
})

test('commands are sent as bytes', () => {
  expect(encodeCommand(['é', Uint8Array.from([0, 255])])).toEqual(
    Buffer.concat([Buffer.from('*2\r\n$2\r\né\r\n$2\r\n'), Uint8Array.from([0, 255]), Buffer.from('\r\n')]),
  )
})

test('a server that speaks something else is told apart', () => {
  expect(() => new ReplyParser().push(Buffer.from('HTTP/1.1 400 Bad Request\r\n'))).toThrow(
    'Not a RESP2 reply',
  )
})
