import { test } from 'vitest'
import { expectBounds } from './support/kept-bytes.js'

test.each(['chats of 2 KB', 'many small values'] as const)(
  'a saver keeps what its options say: %s',
  async (shape) => await expectBounds(shape),
)
