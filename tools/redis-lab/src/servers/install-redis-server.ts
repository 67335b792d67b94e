import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { withoutStartingServices } from '@cairnkit/tool-kit'
import { findProgram } from './find-program.js'

/** Installs `redis-server` where this needs no password; does nothing elsewhere. Says what it does on stderr. */
export async function installRedisServer(): Promise<void> {
  if (process.platform === 'linux' && process.getuid?.() === 0 && (await findProgram('apt-get'))) {
    await withoutStartingServices(async () => {
      await runAloud('apt-get', ['update', '-qq'])
      await runAloud('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'])
    })
  } else if (process.platform === 'darwin' && (await findProgram('brew'))) {
    await runAloud('brew', ['install', 'redis'])
  }
}

/** The command a person runs on this machine. */
export async function manualInstall(): Promise<string> {
  for (const [manager, command] of MANUAL_INSTALLS) {
    if (await findProgram(manager)) return command
  }
  return process.platform === 'darwin' ? 'brew install redis' : DEBIAN_INSTALL
}

const DEBIAN_INSTALL = 'sudo apt-get update && sudo apt-get install -y redis-server'

const MANUAL_INSTALLS: readonly (readonly [manager: string, command: string])[] = [
  ['apt-get', DEBIAN_INSTALL],
  ['dnf', 'sudo dnf install -y redis'],
  ['pacman', 'sudo pacman -S --noconfirm redis'],
  ['apk', 'sudo apk add redis'],
  ['zypper', 'sudo zypper install -y redis'],
  ['brew', 'brew install redis'],
]

async function runAloud(program: string, args: readonly string[]): Promise<void> {
  const line = [program, ...args].join(' ')
  process.stderr.write(`redis-lab: redis-server is missing; running ${line}\n`)
  try {
    await run(program, args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 64 * 1024 * 1024,
    })
  } catch (cause) {
    const stderr = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : ''
    throw new Error(`redis-server could not be installed: ${line} failed\n${stderr}`, { cause })
  }
}

const run = promisify(execFile)
