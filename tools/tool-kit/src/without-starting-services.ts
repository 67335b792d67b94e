import { rm, writeFile } from 'node:fs/promises'

const POLICY_FILE = '/usr/sbin/policy-rc.d'

/** Debian starts what it installs, on its usual port, unless this file says no (101). One that is there already stays. */
export async function withoutStartingServices(install: () => Promise<void>): Promise<void> {
  const ours = await writePolicy()
  try {
    await install()
  } finally {
    if (ours) await rm(POLICY_FILE, { force: true })
  }
}

async function writePolicy(): Promise<boolean> {
  try {
    await writeFile(POLICY_FILE, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
