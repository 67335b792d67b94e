import { expect, it } from 'vitest'
import { runDemo } from './support/program.js'
import { DOES_NOT_KNOW, KNOWS, readStory } from './support/story.js'

it('the story says that nothing survives a restart in process memory', async () => {
  const { exitCode, stdout, stderr } = await runDemo(['memory:'])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  const { answers, processes } = readStory(stdout)
  expect(answers).toEqual([['Agent: Nice to meet you, Ada.', KNOWS, DOES_NOT_KNOW], [DOES_NOT_KNOW]])
  expect(new Set(processes).size).toBe(2)
  expect(stdout).toContain('nothing can survive the restart')
})
