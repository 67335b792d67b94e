import { expect, test } from 'vitest'
import { readSources, sourceStanza } from '../src/fetch/apt-sources.js'

const LINES = `# A comment
deb http://archive.example/debian bookworm main contrib # and another
deb-src http://archive.example/debian bookworm main
#deb http://gone.example/debian bookworm main
deb [arch=amd64 signed-by=/a/one.gpg,/a/two.gpg] https://other.example/debian/ bookworm-updates main
deb [ Trusted=yes ] file:/srv/packages ./
`

test('sources that stand one a line are read with their options', () => {
  expect(readSources('/etc/apt/sources.list', LINES)).toEqual([
    {
      uri: 'http://archive.example/debian',
      suites: ['bookworm'],
      components: ['main', 'contrib'],
      signedBy: undefined,
      trusted: undefined,
    },
    {
      uri: 'https://other.example/debian/',
      suites: ['bookworm-updates'],
      components: ['main'],
      signedBy: '/a/one.gpg /a/two.gpg',
      trusted: undefined,
    },
    { uri: 'file:/srv/packages', suites: ['./'], components: [], signedBy: undefined, trusted: 'yes' },
  ])
})

const STANZAS = `Types: deb deb-src
# A comment within a stanza
URIs: http://one.example/debian http://two.example/debian
suites: bookworm
  bookworm-updates
Components: main
Signed-By: /a/key.gpg

Types: deb
Enabled: no
URIs: http://gone.example/debian
Suites: bookworm
Components: main

Types: deb-src
URIs: http://gone.example/debian
Suites: bookworm
Components: main
${' '}
Types: deb
URIs: https://third.example/debian
Suites: stable
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQENBF
 -----END PGP PUBLIC KEY BLOCK-----
`

const KEY = '\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQENBF\n -----END PGP PUBLIC KEY BLOCK-----'

test('sources in stanzas are read, with values that go on and keys of several lines', () => {
  const both = {
    suites: ['bookworm', 'bookworm-updates'],
    components: ['main'],
    signedBy: '/a/key.gpg',
    trusted: undefined,
  }
  expect(readSources('/etc/apt/sources.list.d/debian.sources', STANZAS)).toEqual([
    { uri: 'http://one.example/debian', ...both },
    { uri: 'http://two.example/debian', ...both },
    {
      uri: 'https://third.example/debian',
      suites: ['stable'],
      components: ['main'],
      signedBy: KEY,
      trusted: undefined,
    },
  ])
})

test('a source is written with another suite and its key, so that it reads the same', () => {
  for (const source of [...readSources('a.list', LINES), ...readSources('a.sources', STANZAS)]) {
    const [again, ...more] = readSources('b.sources', sourceStanza(source, 'sid', 'main'))
    expect(again).toEqual({ ...source, suites: ['sid'], components: ['main'] })
    expect(more).toEqual([])
  }
})
