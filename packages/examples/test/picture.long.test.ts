import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { linesOfPicture } from '../src/picture/draw.js'
import { root } from './support/documents.js'
import { runDemo } from './support/program.js'
import { temporaryFolder } from './support/temporary-folder.js'

/** Processes, threads and checkpoints have other names in each run. */
function withoutNames(lines: readonly string[]): string[] {
  return lines.map((line) =>
    line
      .replace(/(?<=[Pp]rocess )\d+/, 'N')
      .replace(/(?<=thread (ada|bob)-)[0-9a-f]+/, 'X')
      .replace(/^ {2}[0-9a-f-]{18}/, '  ID'),
  )
}

it('the picture in the README shows what the demo prints; npm run picture draws it anew', async () => {
  const { exitCode, stdout, stderr } = await runDemo([], { cwd: await temporaryFolder() })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  const [command, ...shown] = withoutNames(linesOfPicture(readFileSync(join(root, 'docs/demo.svg'), 'utf8')))
  expect(command).toBe('$ npm run demo')
  expect(shown.length).toBeGreaterThan(20)
  const printed = withoutNames(stdout.split('\n').filter((line) => line !== ''))
  expect(shown).toEqual(printed.slice(0, shown.length))
})
