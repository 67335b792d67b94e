import { test } from 'vitest'
import { expectBounds } from './support/kept-bytes.js'

test.each([
  ...(['chats of short messages', 'chats in another script', 'documents'] as const),
  'many values in the record',
] as const)('a saver keeps what its options say: %s', async (shape) => await expectBounds(shape))
