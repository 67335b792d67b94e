import { fileURLToPath } from 'node:url'
import { runProgram } from './run-program.js'

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))

/** Builds what is published, as far as it has changed: what users install is what is measured. */
export async function buildPackages(say: (message: string) => void): Promise<void> {
  say('building the packages')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  await runProgram(npm, ['run', '--silent', '--prefix', ROOT, 'build'])
}
