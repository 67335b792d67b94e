import { withoutStartingServices } from '@cairnkit/tool-kit'
import { directoryOf } from './find-program.js'
import { runProgram } from './run-program.js'

/** Installs a Postgres server where that needs nobody's leave: on Debian and Ubuntu as root. Does nothing elsewhere. */
export async function installPostgres(say: (message: string) => void): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return
  if ((await directoryOf('apt-get')) === undefined) return
  say('installing a Postgres server: apt-get install postgresql')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await withoutStartingServices(async () => {
    await runProgram('apt-get', ['update', '-qq'], { env })
    await runProgram('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql'], { env })
  })
}
