import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CodeBlock, documents, root } from './support/documents.js'
import { runFile } from './support/program.js'

/** What a reader copies must compile and run. */
const blocks = documents().flatMap(({ path, blocks }) =>
  blocks.filter(({ info }) => info[0] === 'ts').map((block) => ({ path, block })),
)

let project: string

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'cairn-documents-'))
  await symlink(join(root, 'node_modules'), join(project, 'node_modules'), 'junction')
  await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module' }))
  // A reader's project does not ask for the annotations that our own declarations need.
  const compilerOptions = { moduleDetection: 'force', declaration: false, isolatedDeclarations: false }
  const config = { extends: join(root, 'tsconfig.base.json'), compilerOptions }
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify(config))
  for (const { path, block } of blocks) {
    const file = join(project, fileOf(path, block))
    await mkdir(dirname(file), { recursive: true })
    // Empty lines in front, so that the compiler names the line of the document.
    const code = '\n'.repeat(block.line - 1) + block.code
    await writeFile(file, code)
    if (block.info.includes('runnable')) await writeFile(asJavaScript(file), code)
  }
})

afterAll(async () => await rm(project, { recursive: true, force: true }))

function fileOf(path: string, block: CodeBlock): string {
  return `${path}.${block.line}.ts`
}

/** For the examples that run as they stand in a project without TypeScript. */
function asJavaScript(file: string): string {
  return file.replace(/\.ts$/, '.mjs')
}

describe('the code in the documents', { timeout: 120_000 }, () => {
  it('compiles, each block by itself', async () => {
    expect(blocks.length).toBeGreaterThan(0)
    const compiler = join(root, 'node_modules/typescript7/bin/tsc')
    const output = await new Promise<string>((resolve) => {
      // Several threads would check much of it twice, and the tests beside this one want to run too.
      const options = ['--pretty', 'false', '--singleThreaded']
      execFile(process.execPath, [compiler, ...options], { cwd: project }, (_, stdout, stderr) =>
        resolve(stdout + stderr),
      )
    })
    // The sources of a package are judged by its own type check.
    const errors = output.split('\n').filter((line) => line.includes('error TS') && !line.startsWith('..'))
    expect(errors).toEqual([])
  })

  it.each(blocks.filter(({ block }) => block.info.includes('runnable')))(
    'runs as plain JavaScript: $path, line $block.line',
    async ({ path, block }) => {
      const file = asJavaScript(join(project, fileOf(path, block)))
      const { exitCode, stdout, stderr } = await runFile(file, [], { cwd: project, fromSources: true })
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      expect(stdout).not.toBe('')
    },
  )
})
