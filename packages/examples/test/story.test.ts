import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startLab } from './support/lab.js'
import { lmdbUrl, runDemo, runDemoFromSources } from './support/program.js'
import { DOES_NOT_KNOW, KNOWS, expectToRemember, readStory } from './support/story.js'
import { temporaryFolder } from './support/temporary-folder.js'

describe('the story', () => {
  it('is remembered in a local folder', async () => {
    const folder = await temporaryFolder()
    await expectToRemember(lmdbUrl(join(folder, 'memory')))
  })

  it('is kept in .cairn/demo when no URL is given, and goes the same way the second time', async () => {
    const cwd = await temporaryFolder()
    const first = await runDemoFromSources([], { cwd })
    expect(first).toMatchObject({ exitCode: 0, stderr: '' })
    expect(existsSync(join(cwd, '.cairn', 'demo'))).toBe(true)
    const second = await runDemo([], { cwd })
    expect(readStory(second.stdout).answers).toEqual(readStory(first.stdout).answers)
    expect(readStory(second.stdout).threads).not.toEqual(readStory(first.stdout).threads)
  })

  it('says that nothing survives a restart in process memory', async () => {
    const { exitCode, stdout, stderr } = await runDemo(['memory:'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const { answers, processes } = readStory(stdout)
    expect(answers).toEqual([['Agent: Nice to meet you, Ada.', KNOWS, DOES_NOT_KNOW], [DOES_NOT_KNOW]])
    expect(new Set(processes).size).toBe(2)
    expect(stdout).toContain('nothing can survive the restart')
  })

  it('is remembered by a server', async () => {
    await using lab = await startLab('standalone')
    await expectToRemember(lab.url)
  })
})
