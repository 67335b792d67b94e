import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { compileScripts } from '../src/lua/compile.js'
import { generatedFile, readSources } from '../src/lua/files.js'
import { renderModule } from '../src/lua/render.js'

it('the generated module is what the Lua files compile to', async () => {
  const current = existsSync(generatedFile) ? await readFile(generatedFile, 'utf8') : ''
  expect(current).toBe(renderModule(compileScripts(await readSources())))
})
