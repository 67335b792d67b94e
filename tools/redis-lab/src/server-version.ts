import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface ServerVersion {
  /** As the program prints it: `7.0.15`. */
  readonly text: string
  atLeast(major: number, minor: number): boolean
}

/** Redis and Valkey both print `... v=8.0.1 ...`; Valkey counts on from Redis 7.2, so one order serves both. */
export async function serverVersion(program: string): Promise<ServerVersion> {
  const { stdout } = await run(program, ['--version'])
  const [, text, major, minor] = /\bv=((\d+)\.(\d+)\S*)/.exec(stdout) ?? []
  if (text === undefined) throw new Error(`${program} --version does not tell a version: ${stdout.trim()}`)
  const found = Number(major) * 1000 + Number(minor)
  return { text, atLeast: (wantedMajor, wantedMinor) => found >= wantedMajor * 1000 + wantedMinor }
}

const run = promisify(execFile)
