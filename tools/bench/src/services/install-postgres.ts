import { rm, writeFile } from 'node:fs/promises'
import { directoryOf } from './find-program.js'
import { runProgram } from './run-program.js'

const POLICY_FILE = '/usr/sbin/policy-rc.d'

/** Installs a Postgres server where that needs nobody's leave: on Debian and Ubuntu as root. Does nothing elsewhere. */
export async function installPostgres(say: (message: string) => void): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return
  if ((await directoryOf('apt-get')) === undefined) return
  say('installing a Postgres server: apt-get install postgresql')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const ours = await forbidServices()
  try {
    await runProgram('apt-get', ['update', '-qq'], { env })
    await runProgram('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql'], { env })
  } finally {
    if (ours) await rm(POLICY_FILE, { force: true })
  }
}

/** Debian starts what it installs, unless this file says no (101). One that is there already stays. */
async function forbidServices(): Promise<boolean> {
  try {
    await writeFile(POLICY_FILE, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
