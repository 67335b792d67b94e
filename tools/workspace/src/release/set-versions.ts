import { releaseVersion } from 'nx/release'
import { fail } from '../main.js'
import type { Versions } from './manifests.js'

/**
 * Lets nx give every published package this version, as `release` of nx.json says, and fails if it would give one of
 * `current` another, or miss one. A dry run writes nothing; neither touches Git.
 */
export async function setVersions(version: string, current: Versions, dryRun: boolean): Promise<void> {
  const { projectsVersionData } = await releaseVersion({
    specifier: version,
    dryRun,
    gitCommit: false,
    gitTag: false,
    stageChanges: false,
    gitPush: false,
  })
  const given = Object.entries(projectsVersionData).map(([name, { newVersion }]) => `${name}@${newVersion}`)
  const expected = Object.keys(current).map((name) => `${name}@${version}`)
  if (given.toSorted().join(', ') !== expected.toSorted().join(', '))
    fail(`nx release gave ${given.join(', ')}; expected ${expected.join(', ')}: see "release" in nx.json`)
}
