import { execFileSync } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import { root } from '../../src/main.js'
import { run } from '../../src/packages/run.js'
import { setVersions } from '../../src/release/set-versions.js'
import { published, versionsOf, workspacePackages } from '../../src/release/workspace.js'
import { nxProgram } from '../../src/test-command/untouched.js'

const names = Object.keys(versionsOf(published(await workspacePackages(root))))

function state(): string[] {
  const git = (...args: string[]): string =>
    execFileSync('git', ['--no-optional-locks', ...args], { cwd: root, encoding: 'utf8' })
  return [git('status', '--porcelain'), git('for-each-ref'), git('diff', 'HEAD')]
}

it('nx gives every published package the version, and no other', { timeout: 120_000 }, async () => {
  const before = state()
  await setVersions(root, '9.8.7', names, { dryRun: true })
  await expect(setVersions(root, '9.8.7', [...names, '@cairnkit/x'], { dryRun: true })).rejects.toThrow(
    /expected .*@cairnkit\/x/,
  )
  expect(state()).toEqual(before)
})

it('nx writes the new versions as the packages need each other', { timeout: 120_000 }, async () => {
  const args = ['release', 'version', '9.8.7', '--dry-run']
  const said = stripVTControlCharacters(await run(root, process.execPath, [nxProgram(), ...args]))
  expect(said.match(/^\+ +"version": "9\.8\.7",$/gm)).toHaveLength(names.length)
  // What it removes are versions alone, each for a new one.
  const removed = said.match(/^- .*$/gm) ?? []
  expect(
    removed.filter((line) => !/^- +"(version|@cairnkit\/[a-z-]+)": "\d+\.\d+\.\d+",?$/.test(line)),
  ).toEqual([])
  expect(said.match(/^\+ .*$/gm)).toHaveLength(removed.length)
})
