import { expect, test } from 'vitest'
import { type Output, StatusLine, bar, textTable } from '@cairnkit/tool-kit'

const rows = [
  ['a', '10 ms'],
  ['longer', '1 ms'],
]

test('the first column is set to the left, the others to the right', () => {
  expect(textTable(['saver', 'p50'], rows)).toBe(
    ['saver     p50', '------  -----', 'a       10 ms', 'longer   1 ms'].join('\n'),
  )
})

test('more columns are set to the left when they are text', () => {
  expect(textTable(['saver', 'p50'], [...rows, ['b']], 2)).toBe(
    ['saver   p50', '------  -----', 'a       10 ms', 'longer  1 ms', 'b'].join('\n'),
  )
})

test('a bar is as full as its share', () => {
  expect([-1, 0.5, 2].map(bar)).toEqual([
    `[${'.'.repeat(20)}]`,
    `[${'#'.repeat(10)}${'.'.repeat(10)}]`,
    `[${'#'.repeat(20)}]`,
  ])
})

function output(terminal: boolean): Output & { readonly written: string[] } {
  const written: string[] = []
  return { ...(terminal && { isTTY: true, columns: 6 }), written, write: (text) => written.push(text) }
}

test('elsewhere than on a terminal only the lines that stay are written', () => {
  const out = output(false)
  using line = new StatusLine(out, 1000, () => 'moves')
  line.draw()
  line.say('stays')
  expect(out.written).toEqual(['stays\n'])
})

test('on a terminal a line is written over, no longer than the terminal is wide', () => {
  const out = output(true)
  const clear = '\r\u001b[K'
  {
    using line = new StatusLine(out, 1000, () => 'it moves')
    line.draw()
    line.say('stays')
  }
  expect(out.written).toEqual([clear, 'it mo', clear, 'stays\n', clear])
})
