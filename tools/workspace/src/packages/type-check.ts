import { spawnSync } from 'node:child_process'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, root } from '../main.js'

const options = {
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
}

/** The ways in which users resolve types; the same program is checked in each. */
const settings: readonly Setting[] = [
  { name: 'ESM, NodeNext', file: 'types.mts', options: { module: 'NodeNext' } },
  { name: 'CommonJS, NodeNext', file: 'types.cts', options: { module: 'NodeNext' } },
  { name: 'bundler', file: 'types.ts', options: { module: 'Preserve', moduleResolution: 'bundler' } },
]

interface Setting {
  readonly name: string
  readonly file: string
  readonly options: Readonly<Record<string, unknown>>
}

/** Type-checks the consumer program in the installed project under every setting. */
export async function typeCheck(folder: string, program: string): Promise<void> {
  const tsc = join(root, 'node_modules/typescript7/bin/tsc')
  for (const setting of settings) {
    await copyFile(program, join(folder, setting.file))
    const config = join(folder, `tsconfig.${setting.file}.json`)
    const content = { compilerOptions: { ...options, ...setting.options }, files: [setting.file] }
    await writeFile(config, JSON.stringify(content))
    const { stdout, error } = spawnSync(process.execPath, [tsc, '-p', config], {
      cwd: folder,
      encoding: 'utf8',
    })
    if (error !== undefined) throw error
    const problems = ownProblems(stdout)
    if (problems.length > 0) fail(`${setting.name}:\n${problems.join('\n')}`)
    console.log(`types: ${setting.name}`)
  }
}

/** Declarations of other people's packages are read too, and are not ours to judge. */
function ownProblems(output: string): string[] {
  const lines = output.split('\n').filter((line) => line.includes('error TS'))
  return lines.filter(
    (line) => !line.startsWith('node_modules/') || line.startsWith('node_modules/@cairnkit/'),
  )
}
