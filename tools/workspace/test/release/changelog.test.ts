import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/release/change.js'
import { renderSection, withSection, withUpgrade } from '../../src/release/changelog.js'

const repository = 'https://example.com/cairn'
const change: Change = { kind: 'change', packages: ['core'], subject: 'Wait less', hash: '0123456789' }

describe('the section of a release', () => {
  it('lists what is breaking first, and points to the guide', () => {
    const changes: Change[] = [
      change,
      { kind: 'breaking', packages: ['connect', 'core'], subject: 'Drop connect(a, b)', hash: 'bbbbbbbbbb' },
      { kind: 'new', packages: [], subject: 'Run on Bun', hash: 'cccccccccc' },
    ]
    expect(renderSection({ version: '0.2.0', date: '2027-01-31', changes }, repository))
      .toBe(`## 0.2.0 (2027-01-31)

Before you upgrade, read [UPGRADING.md](UPGRADING.md#020).

### Breaking

- **connect, core**: Drop connect(a, b) ([\`bbbbbbb\`](https://example.com/cairn/commit/bbbbbbbbbb))

### New

- Run on Bun ([\`ccccccc\`](https://example.com/cairn/commit/cccccccccc))

### Changed

- **core**: Wait less ([\`0123456\`](https://example.com/cairn/commit/0123456789))
`)
  })

  it('takes a subject for plain text', () => {
    const changes = [{ ...change, subject: 'Keep `a_b` <i> [x](y) *z*' }]
    expect(renderSection({ version: '0.1.1', date: '2027-01-31', changes }, repository)).toContain(
      'Keep \\`a\\_b\\` \\<i\\> \\[x\\](y) \\*z\\*',
    )
  })

  it('says of a first release what there is', () => {
    const first = [{ folder: 'packages/core', name: '@cairnkit/core', description: 'The contract' }]
    expect(renderSection({ version: '0.1.0', date: '2027-01-31', changes: [], first }, repository)).toBe(
      '## 0.1.0 (2027-01-31)\n\nThe first release.\n\n- [`@cairnkit/core`](packages/core): The contract\n',
    )
  })

  it('says that there is nothing to say', () => {
    expect(renderSection({ version: '0.1.1', date: '2027-01-31', changes: [] }, repository)).toContain(
      'Nothing',
    )
  })
})

describe('the changelog', () => {
  const section = '## 0.2.0 (2027-01-31)\n\nText.\n'

  it('has the newest release at the top', () => {
    expect(withSection('# Changelog\n\nIntroduction.\n', section)).toBe(
      `# Changelog\n\nIntroduction.\n\n${section}`,
    )
    expect(withSection('# Changelog\n\n## 0.1.0 (2026-12-01)\n\nOld.\n', section)).toBe(
      `# Changelog\n\n${section}\n## 0.1.0 (2026-12-01)\n\nOld.\n`,
    )
  })

  it('has each release once', () => {
    expect(() => withSection(`# Changelog\n\n${section}`, section)).toThrow(/"## 0\.2\.0" already/)
  })
})

describe('the upgrade guide', () => {
  const breaking: Change = { ...change, kind: 'breaking' }

  it('names what was written for the next release after it', () => {
    const guide = '# Upgrading\n\n## Next release\n\nDo this.\n'
    expect(withUpgrade(guide, { version: '0.2.0', changes: [breaking] })).toBe(
      '# Upgrading\n\n## 0.2.0\n\nDo this.\n',
    )
  })

  it('must say something about a breaking change, and need not about another', () => {
    expect(() => withUpgrade('# Upgrading\n', { version: '0.2.0', changes: [breaking] })).toThrow(
      /UPGRADING\.md/,
    )
    expect(withUpgrade('# Upgrading\n', { version: '0.2.0', changes: [change] })).toBe('# Upgrading\n')
  })
})
