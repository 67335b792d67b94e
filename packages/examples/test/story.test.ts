import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startLab } from './support/lab.js'
import { lmdbUrl, runDemo } from './support/program.js'
import { DOES_NOT_KNOW, KNOWS, expectToRemember, readStory } from './support/story.js'
import { temporaryFolder } from './support/temporary-folder.js'

describe('the story', () => {
  it('is remembered in a local folder', async () => {
    const folder = await temporaryFolder()
    await expectToRemember(lmdbUrl(join(folder, 'memory')))
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
