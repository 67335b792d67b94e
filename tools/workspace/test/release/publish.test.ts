import { readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { root } from '../../src/main.js'
import { publish } from '../../src/release/publish.js'

const tarballs = ['core', 'memory'].map((name) => ({
  ...{ name: `@cairnkit/${name}`, version: '0.2.0', path: `/packed/${name}.tgz` },
  ...{ packedSize: 1, unpackedSize: 1, files: [] },
}))

/** Puts a program in front of npm that writes down what it is asked, and says this when it is asked what is published. */
async function withNpm(view: string): Promise<{ folder: string; asked: () => Promise<string[]> }> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-publish-'))
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true, force: true })
  })
  const log = join(folder, 'log')
  const script = `#!/bin/sh\necho "$*" >> '${log}'\nif [ "$1" = view ]; then\n${view}\nfi\n`
  await writeFile(join(folder, 'npm'), script, { mode: 0o755 })
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH'] ?? ''}`)
  return { folder, asked: async () => (await readFile(log, 'utf8')).trim().split('\n') }
}

describe('publishing', () => {
  it('goes through the packages in their order, each with its provenance', async () => {
    const { folder, asked } = await withNpm('echo "npm error code E404" >&2; exit 1')
    await publish(folder, tarballs)
    expect(await asked()).toEqual([
      'view @cairnkit/core@0.2.0 version',
      'publish /packed/core.tgz --access public --provenance',
      'view @cairnkit/memory@0.2.0 version',
      'publish /packed/memory.tgz --access public --provenance',
    ])
  })

  it('goes on where a run broke off', async () => {
    const { folder, asked } = await withNpm('case "$2" in *core*) echo 0.2.0;; esac')
    await publish(folder, tarballs)
    expect((await asked()).filter((line) => line.startsWith('publish'))).toEqual([
      'publish /packed/memory.tgz --access public --provenance',
    ])
  })

  it('stops when the registry does not answer', async () => {
    const { folder, asked } = await withNpm('echo "npm error code ECONNREFUSED" >&2; exit 1')
    await expect(publish(folder, tarballs)).rejects.toThrow(/ECONNREFUSED/)
    expect(await asked()).toHaveLength(1)
  })
})

describe('the workflows', () => {
  const folder = join(root, '.github/workflows')
  const workflows = readdirSync(folder).map(
    (name) => [name, readFileSync(join(folder, name), 'utf8')] as const,
  )
  const publishing = workflows.find(([name]) => name === 'publish.yml')?.[1] ?? ''

  it.each(workflows)('%s uses other actions by their content, and has no right by default', (_, text) => {
    const used = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action)
    expect(used.length).toBeGreaterThan(0)
    expect(used.filter((action) => !/@[0-9a-f]{40}$/.test(action ?? ''))).toEqual([])
    expect(text).toMatch(/^permissions: \{\}$/m)
    expect(text).not.toMatch(/: write-all|contents: write|pull_request_target/)
  })

  it('publish on a tag of a version only, and vouch for what they publish', () => {
    const [, triggers = ''] = /^on:\n((?: .*\n)+)/m.exec(publishing) ?? []
    expect(triggers).toBe("  push:\n    tags: ['v*.*.*']\n")
    expect(publishing).toMatch(/permissions:\n +contents: read\n +id-token: write\n/)
    expect(publishing).toContain('run: npm run release -- --publish\n')
    expect(publishing).toMatch(
      /^ {2}check:\n[^]*run: \.ci\/run checks test\n[^]*^ {2}publish:\n {4}needs: check\n/m,
    )
    const others = workflows.filter(([name]) => name !== 'publish.yml')
    expect(others.filter(([, text]) => /id-token|--publish|secrets\./.test(text))).toEqual([])
  })
})
