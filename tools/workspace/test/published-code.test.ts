import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../src/main.js'
import { published, workspacePackages } from '../src/release/workspace.js'

/** What SECURITY.md promises of the code that runs in a user's process. The suites run in tests only. */
const packages = published(await workspacePackages(root)).filter(
  ({ folder }) => folder !== 'packages/conformance',
)

/** The only values of the modules of the network that may be imported. Types do nothing. */
const harmless: ReadonlySet<string> = new Set(["import { isIP } from 'node:net'"])

const network = /from '(?:node:)?(?:dgram|dns|http|http2|https|net|tls)(?:\/[a-z]+)?'/
const processes = /from '(?:node:)?(?:child_process|cluster|inspector|vm|worker_threads)'/

const forbidden: readonly (readonly [what: string, pattern: RegExp])[] = [
  [
    'asks the network by itself',
    /(?<![.\w])(?<!async )fetch\(|new (?:WebSocket|EventSource|XMLHttpRequest)\(/,
  ],
  ['makes code of text', /(?<![.\w])eval\(|new Function\(/],
  ['reads the environment', /process\.env\b/],
  ['starts a program', processes],
]

function linesOf(folder: string): string[] {
  const sources = join(root, folder, 'src')
  return readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => readFileSync(join(sources, file), 'utf8').split('\n'))
    .filter((line) => !/^\s*(\*|\/\*|\/\/)/.test(line))
}

describe.each(packages.map(({ folder, manifest }) => ({ folder, manifest })))(
  '$folder',
  ({ folder, manifest }) => {
    const lines = linesOf(folder)

    it.each(forbidden)('has no line that %s', (_, pattern) => {
      expect(lines.length).toBeGreaterThan(10)
      expect(lines.filter((line) => pattern.test(line))).toEqual([])
    })

    it('opens no connection but through a client, which gets the address from the user', () => {
      const imports = lines.filter((line) => network.test(line) && !line.startsWith('import type '))
      expect(imports.filter((line) => !harmless.has(line))).toEqual([])
    })

    it('runs nothing when it is installed, and brings nothing but Cairn and lmdb', () => {
      const onInstall = ['preinstall', 'install', 'postinstall', 'prepare']
      const { scripts } = manifest as { readonly scripts?: Readonly<Record<string, string>> }
      expect(Object.keys(scripts ?? {}).filter((name) => onInstall.includes(name))).toEqual([])
      const brought = Object.keys(manifest.dependencies ?? {}).filter(
        (name) => !name.startsWith('@cairnkit/'),
      )
      expect(brought).toEqual(folder === 'packages/lmdb' ? ['lmdb'] : [])
    })
  },
)

it('notices what it looks for', () => {
  const lines = [
    "await fetch('x')",
    'new Function(text)',
    'process.env.HOME',
    "import { spawn } from 'node:child_process'",
  ]
  expect(lines.map((line) => forbidden.filter(([, pattern]) => pattern.test(line)).length)).toEqual([
    1, 1, 1, 1,
  ])
  expect(network.test("import { connect } from 'node:tls'")).toBe(true)
})
