import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { drawTerminal, linesOfPicture } from '../src/picture/draw.js'
import { root } from './support/documents.js'

it('a picture has every line that was printed, as it was printed', () => {
  const lines = ['== First visit: process 1', '', '  <a> & "b"   c', 'Ada: 1 < 2']
  const svg = drawTerminal('npm run demo', lines)
  expect(linesOfPicture(svg)).toEqual(['$ npm run demo', lines[0], lines[2], lines[3]])
  expect(svg).toContain('class="person">Ada: 1 &lt; 2</text>')
})

it('the README shows the picture of the demo, which takes nothing from elsewhere', () => {
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toMatch(/^!\[.+\]\(docs\/demo\.svg\)$/m)
  const svg = readFileSync(join(root, 'docs/demo.svg'), 'utf8')
  expect(svg).not.toMatch(/<script|<image|href=|url\(/)
})
