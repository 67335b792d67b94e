import { copyFile, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, runMain } from './main.js'
import { checkDeclarations } from './packages/declarations.js'
import { install, pack } from './packages/install.js'
import { publicPackages } from './packages/public-packages.js'
import { run } from './packages/run.js'
import { typeCheck } from './packages/type-check.js'

const consumer = join(root, 'tools/workspace/consumer')

runMain(async () => {
  const packages = await publicPackages()
  await run(root, 'npm', ['run', 'build'])
  await checkDeclarations(packages)
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'cairn-consumer-')))
  try {
    const tarballs = await pack(packages, folder)
    console.log(`packed ${packages.length} packages`)
    await install(folder, tarballs)
    console.log('installed into an empty project')
    await typeCheck(folder, join(consumer, 'types.ts'))
    for (const file of ['scenario.cjs', 'run.mjs', 'run.cjs'])
      await copyFile(join(consumer, file), join(folder, file))
    for (const file of ['run.mjs', 'run.cjs'])
      process.stdout.write(await run(folder, process.execPath, [file]))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
