import { join } from 'node:path'
import { describe, it } from 'vitest'
import { lmdbUrl } from './support/program.js'
import { expectToRemember } from './support/story.js'
import { temporaryFolder } from './support/temporary-folder.js'

describe('the story', () => {
  it('is remembered in a local folder', async () => {
    const folder = await temporaryFolder()
    await expectToRemember(lmdbUrl(join(folder, 'memory')))
  })
})
