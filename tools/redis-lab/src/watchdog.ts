import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'

/**
 * A shell that outlives this process for a moment. It reads which servers run from a pipe; when the pipe ends, for
 * whatever reason (stop, a signal, a crash, kill -9), it kills those that are left and removes the directory. So the
 * lab needs no signal handlers, and never changes what Ctrl-C means to the program it lives in.
 */
export class Watchdog {
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>

  constructor(directory: string) {
    // Detached: Ctrl-C and a kill of the whole process group must not reach it.
    this.#child = spawn('/bin/sh', ['-c', SCRIPT, 'cairn-redis-lab-watchdog', directory], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    this.#exited = once(this.#child, 'exit')
    // The rejection (a shell that cannot start) is seen by close(); it must not be an unhandled one before that.
    this.#exited.catch(() => undefined)
    // Without a listener, a watchdog killed by hand would turn the next message into an uncaught EPIPE.
    this.#child.stdin?.on('error', () => undefined)
    this.#child.unref()
    if (this.#child.stdin instanceof Socket) this.#child.stdin.unref()
  }

  watch(pid: number): void {
    this.#child.stdin?.write(`watch ${pid}\n`)
  }

  /** Must follow the end of a server at once: its process id may be given to a stranger. */
  forget(pid: number): void {
    this.#child.stdin?.write(`forget ${pid}\n`)
  }

  /** A command to run when all servers are gone; words without quotes. The last one registered runs first. */
  undo(command: string): void {
    this.#child.stdin?.write(`undo ${command}\n`)
  }

  async close(): Promise<void> {
    this.#child.ref()
    this.#child.stdin?.end()
    await this.#exited
  }
}

const SCRIPT = `
trap '' HUP INT TERM
pids=''
undos=''
while read -r verb rest; do
  case "$verb" in
    watch) pids="$pids $rest" ;;
    forget)
      kept=''
      for each in $pids; do [ "$each" = "$rest" ] || kept="$kept $each"; done
      pids="$kept" ;;
    undo) undos="$rest
$undos" ;;
  esac
done
for pid in $pids; do kill -9 "$pid"; done
printf '%s' "$undos" | while read -r command; do $command; done
tries=0
while [ -e "$1" ] && [ "$tries" -lt 100 ]; do
  rm -rf -- "$1" || sleep 0.05
  tries=$((tries + 1))
done
`
