import type { Redis } from 'ioredis'

/**
 * Lets the commands of one turn of the event loop leave in one piece: ioredis makes a system call for each of them, and
 * that costs more than building the command does.
 */
export function coalesceWrites(client: Redis): void {
  client.on('connect', () => {
    const { stream } = client
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean
    let corked = false
    Object.assign(stream, {
      write(...args: unknown[]): boolean {
        if (!corked) {
          corked = true
          stream.cork()
          setImmediate(() => {
            corked = false
            stream.uncork()
          })
        }
        return write(...args)
      },
    })
  })
}
