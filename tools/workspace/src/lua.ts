import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { compileScripts } from './lua/compile.js'
import { generatedFile, readSources } from './lua/files.js'
import { renderModule } from './lua/render.js'
import { fail, fromRoot, runMain } from './main.js'

runMain(async () => {
  const sources = await readSources()
  const expected = renderModule(compileScripts(sources))
  const current = existsSync(generatedFile) ? await readFile(generatedFile, 'utf8') : undefined
  const name = fromRoot(generatedFile)
  if (current === expected) {
    console.log(`${name} is up to date (${sources.verbs.size} scripts)`)
  } else if (process.argv.includes('--check')) {
    fail(`${name} is stale: run "npm run lua" and commit the result`)
  } else {
    await writeFile(generatedFile, expected)
    console.log(`wrote ${name} (${sources.verbs.size} scripts)`)
  }
})
