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

/** A way in which users resolve types. */
interface Setting {
  readonly name: string
  /** The program of the consumer under the names that decide what it is compiled as. */
  readonly files: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
}

const both: readonly string[] = ['types.mts', 'types.cts']

const node16: Setting = { name: 'node16', files: both, options: { module: 'Node16' } }
const nodenext: Setting = { name: 'nodenext', files: both, options: { module: 'NodeNext' } }
const bundler: Setting = {
  name: 'bundler',
  files: ['types.ts'],
  options: { module: 'Preserve', moduleResolution: 'bundler' },
}

/** What `module: commonjs` means until TypeScript 5: it reads `main`, `types` and `typesVersions`, and no `exports`. */
const node10: Setting = {
  name: 'node10',
  files: ['types.ts'],
  options: { module: 'CommonJS', moduleResolution: 'node10' },
}

/** TypeScript 6 calls node10 deprecated, and TypeScript 7 does not have it. */
const deprecated: Setting = { ...node10, options: { ...node10.options, ignoreDeprecations: '6.0' } }

interface Compiler {
  readonly version: string
  /** Where it is installed. */
  readonly package: (consumer: string) => string
  readonly settings: readonly Setting[]
}

/** The compilers that only the consumer has, as its manifest names them. */
export const oldCompilers: Readonly<Record<string, string>> = {
  'typescript-5.4': 'npm:typescript@5.4.5',
  'typescript-5.9': 'npm:typescript@5.9.3',
}

const compilers: readonly Compiler[] = [
  {
    version: '5.4',
    package: (consumer) => join(consumer, 'node_modules/typescript-5.4'),
    settings: [node10, node16, nodenext, bundler],
  },
  {
    version: '5.9',
    package: (consumer) => join(consumer, 'node_modules/typescript-5.9'),
    settings: [node10, node16, nodenext, bundler],
  },
  {
    version: '6',
    package: () => join(root, 'node_modules/typescript'),
    settings: [deprecated, node16, nodenext, bundler],
  },
  {
    version: '7',
    package: () => join(root, 'node_modules/typescript7'),
    settings: [node16, nodenext, bundler],
  },
]

/** Type-checks the consumer program in the installed project, with every compiler under every setting that it has. */
export async function typeCheck(folder: string, program: string): Promise<void> {
  for (const file of new Set(compilers.flatMap(({ settings }) => settings.flatMap(({ files }) => files))))
    await copyFile(program, join(folder, file))
  for (const compiler of compilers) {
    for (const setting of compiler.settings) await check(folder, compiler, setting)
    console.log(
      `types: TypeScript ${compiler.version}, ${compiler.settings.map(({ name }) => name).join(', ')}`,
    )
  }
}

async function check(folder: string, compiler: Compiler, setting: Setting): Promise<void> {
  const config = join(folder, 'tsconfig.json')
  const content = { compilerOptions: { ...options, ...setting.options }, files: setting.files }
  await writeFile(config, JSON.stringify(content))
  const tsc = join(compiler.package(folder), 'bin/tsc')
  const { stdout, stderr, status, error } = spawnSync(process.execPath, [tsc, '-p', config], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (error !== undefined) throw error
  const named = `TypeScript ${compiler.version}, ${setting.name}`
  const problems = ownProblems(stdout)
  if (problems.length > 0) fail(`${named}:\n${problems.join('\n')}`)
  // A compiler that ends without a word about any file has not checked anything.
  if (status !== 0 && !stdout.includes('error TS'))
    fail(`${named} ended with exit code ${status}:\n${stderr}`)
}

/** Declarations of other people's packages are read too, and are not ours to judge. */
function ownProblems(output: string): string[] {
  const lines = output.split('\n').filter((line) => line.includes('error TS'))
  return lines.filter(
    (line) => !line.startsWith('node_modules/') || line.startsWith('node_modules/@cairnkit/'),
  )
}
