import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface ServerVersion {
  /** As the program prints it: `7.0.15`. */
  readonly text: string
  readonly major: number
  atLeast(major: number, minor: number): boolean
}

/** Redis and Valkey both print `... v=8.0.1 ...`; Valkey counts on from Redis 7.2, so one order serves both. */
export async function serverVersion(program: string): Promise<ServerVersion> {
  const { stdout } = await run(program, ['--version'])
  const [, text, major, minor] = /\bv=((\d+)\.(\d+)\S*)/.exec(stdout) ?? []
  if (text === undefined) throw new Error(`${program} --version does not tell a version: ${stdout.trim()}`)
  return versionOf(text, Number(major), Number(minor))
}

export function versionOf(text: string, major: number, minor: number): ServerVersion {
  return {
    text,
    major,
    atLeast: (wantedMajor, wantedMinor) => major * 1000 + minor >= wantedMajor * 1000 + wantedMinor,
  }
}

const run = promisify(execFile)
