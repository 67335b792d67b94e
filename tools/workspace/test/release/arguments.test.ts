import { describe, expect, it } from 'vitest'
import { readReleaseArguments } from '../../src/release/arguments.js'

describe('the arguments of the release command', () => {
  it('release nothing unless they say so', () => {
    expect(readReleaseArguments([])).toEqual({ does: 'help' })
    expect(() => readReleaseArguments(['1.0.0'])).toThrow(/--dry-run, --prepare and --publish, got 0/)
  })

  it('try a release, with what follows from the commits or with a version', () => {
    expect(readReleaseArguments(['--dry-run'])).toEqual({ does: 'dry-run', installs: true })
    expect(readReleaseArguments(['--dry-run', '1.0.0', '--no-installs', '--from', 'HEAD~3'])).toEqual({
      does: 'dry-run',
      installs: false,
      version: '1.0.0',
      from: 'HEAD~3',
    })
  })

  it('prepare a release, and publish the one that is checked out', () => {
    expect(readReleaseArguments(['--prepare', '1.0.0'])).toEqual({ does: 'prepare', version: '1.0.0' })
    expect(readReleaseArguments(['--publish'])).toEqual({ does: 'publish' })
  })

  it.each([
    [['--dry-run', '--publish'], /got 2/],
    [['--publish', '1.0.0'], /takes no version/],
    [['--prepare', '--from', 'HEAD~3'], /go with --dry-run/],
    [['--publish', '--no-installs'], /go with --dry-run/],
    [['--dry-run', '--from'], /--from needs a commit/],
    [['--dry-run', '--from', '--no-installs'], /--from needs a commit/],
    [['--dry-run', '1.0.0', '2.0.0'], /One version at a time/],
    [['--dry-run', '--dryrun'], /no option --dryrun/],
  ])('%j are refused', (typed, complaint) => {
    expect(() => readReleaseArguments(typed)).toThrow(complaint)
  })
})
