/** `npm run picture`: runs the demo as a newcomer does, and draws what it printed into `docs/demo.svg`. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { drawTerminal } from './draw.js'

const picture = fileURLToPath(new URL('../../../../docs/demo.svg', import.meta.url))
const demo = fileURLToPath(new URL('../chat/main.ts', import.meta.url))
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

// In an empty folder, so that it begins as on its first run. With a key it would talk to a real model.
const folder = mkdtempSync(join(tmpdir(), 'cairn-picture-'))
const { OPENAI_API_KEY: _, ...env } = process.env
try {
  const args = ['--conditions=@cairnkit/source', '--import', tsx, demo]
  const output = execFileSync(process.execPath, args, {
    cwd: folder,
    env: { ...env, NO_COLOR: '1' },
    encoding: 'utf8',
  })
  writeFileSync(picture, drawTerminal('npm run demo', storyOf(output)))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** What it says at the end of how to go on is for whoever has run it. */
function storyOf(output: string): string[] {
  return output
    .split(/^Every run begins/m, 1)
    .join('')
    .trimEnd()
    .split('\n')
}
