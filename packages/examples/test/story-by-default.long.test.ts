import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runDemo, runDemoFromSources } from './support/program.js'
import { readStory } from './support/story.js'
import { temporaryFolder } from './support/temporary-folder.js'

it('is kept in .cairn/demo when no URL is given, and goes the same way the second time', async () => {
  const cwd = await temporaryFolder()
  const first = await runDemoFromSources([], { cwd })
  expect(first).toMatchObject({ exitCode: 0, stderr: '' })
  expect(existsSync(join(cwd, '.cairn', 'demo'))).toBe(true)
  const second = await runDemo([], { cwd })
  expect(readStory(second.stdout).answers).toEqual(readStory(first.stdout).answers)
  expect(readStory(second.stdout).threads).not.toEqual(readStory(first.stdout).threads)
})
