import { spawn } from 'node:child_process'
import { Failure } from '../main.js'

/** Runs a program in a folder and resolves to what it printed; rejects with its output when it fails. */
export async function run(folder: string, program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let all = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    all += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => (all += chunk.toString()))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Failure(`${[program, ...args].join(' ')} ended with exit code ${code}\n${all}`)
  return stdout
}

/** Runs a program in a folder and lets it print; rejects when it fails. */
export async function runVisibly(folder: string, program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Failure(`${[program, ...args].join(' ')} ended with exit code ${code}`)
}
