import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The folder in which everything happens. Nothing outside of it is written, but the download cache of npm. */
export interface Place extends AsyncDisposable {
  /** A folder in it, made if it is not there. */
  folder(...names: readonly string[]): Promise<string>
}

/** @param kept A folder that stays, with the tools that were downloaded; without it a temporary one. */
export async function openPlace(kept: string | undefined): Promise<Place> {
  if (kept !== undefined) await mkdir(kept, { recursive: true })
  const path = await realpath(kept ?? (await mkdtemp(join(tmpdir(), 'cairn-installs-'))))
  // Also when a signal ends the run.
  const onExit = (): void => rmSync(path, { recursive: true, force: true })
  if (kept === undefined) process.once('exit', onExit)
  return {
    async folder(...names) {
      const folder = join(path, ...names)
      await mkdir(folder, { recursive: true })
      return folder
    },
    async [Symbol.asyncDispose]() {
      if (kept !== undefined) return
      await rm(path, { recursive: true, force: true, maxRetries: 3 })
      process.off('exit', onExit)
    },
  }
}
