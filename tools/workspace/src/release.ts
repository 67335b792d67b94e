import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, runMain } from './main.js'
import { run, runVisibly } from './packages/run.js'
import { type ReleaseArguments, readReleaseArguments, usage } from './release/arguments.js'
import { type Plan, planRelease } from './release/plan.js'
import { prepare } from './release/prepare.js'
import { checkIsRelease, publish } from './release/publish.js'
import { setVersions } from './release/set-versions.js'
import { type Tarball, describeTarballs, packAt } from './release/tarballs.js'
import { type WorkspacePackage, published, versionsOf, workspacePackages } from './release/workspace.js'

runMain(async () => {
  const typed = readReleaseArguments(process.argv.slice(2))
  if (typed.does === 'help') process.stdout.write(usage)
  else if (typed.does === 'publish') await publishTagged()
  else {
    const plan = await planRelease(root, typed, new Date())
    if (typed.does === 'dry-run') await show(plan, typed)
    else {
      await prepare(root, plan)
      console.log(`Committed and tagged v${plan.version}. To publish it: git push --follow-tags`)
    }
  }
})

async function show(plan: Plan, typed: ReleaseArguments & { does: 'dry-run' }): Promise<void> {
  const { packages, last, current, version, section } = plan
  const before = last === undefined ? 'nothing was released before' : `the last release is ${last}`
  console.log(`Release ${version} (${before}). A dry run: no file changes, and nothing in Git.`)
  if (plan.isShallow)
    console.log('This clone has not the whole history: commits and earlier releases may be missing.')
  console.log('\n=== Versions, from nx release')
  await setVersions(root, version, Object.keys(versionsOf(packages)), { dryRun: true })
  const width = Math.max(...packages.map(({ manifest }) => manifest.name.length))
  const step = current === version ? version : `${current} -> ${version}`
  for (const { manifest } of packages) console.log(`  ${manifest.name.padEnd(width)}  ${step}`)
  console.log(`\n=== Changelog\n\n${section}`)
  console.log('=== Tarballs')
  await withTarballs(packages, version, (tarballs) => console.log(describeTarballs(tarballs)))
  console.log('\n=== Installed from a local registry')
  await install(typed.installs)
}

async function install(wanted: boolean): Promise<void> {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as RootManifest
  if (!wanted) console.log('  left out (--no-installs)')
  else if (scripts['installs'] === undefined) console.log('  left out: there is no script "installs"')
  else await runVisibly(root, 'npm', ['run', '--silent', 'installs', '--', '--short'])
}

interface RootManifest {
  readonly scripts: Readonly<Record<string, string>>
}

async function publishTagged(): Promise<void> {
  const packages = published(await workspacePackages(root))
  await checkIsRelease(root, packages)
  const [version = ''] = Object.values(versionsOf(packages))
  await withTarballs(packages, version, async (tarballs, folder) => {
    console.log(describeTarballs(tarballs))
    await publish(folder, tarballs)
  })
}

/** Builds and packs the packages into a folder that is gone afterwards. */
async function withTarballs(
  packages: readonly WorkspacePackage[],
  version: string,
  use: (tarballs: readonly Tarball[], folder: string) => Promise<void> | void,
): Promise<void> {
  await run(root, 'npm', ['run', 'build'])
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'cairn-release-')))
  try {
    const versions = Object.fromEntries(packages.map(({ manifest }) => [manifest.name, version]))
    await use(await packAt(root, packages, versions, folder), folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
