import { inspect } from 'node:util'

/**
 * Bytes that do not show what they hold. Tracing tools print the arguments of commands as text (`db.statement` of
 * OpenTelemetry's instrumentations, the diagnostics channels of both clients), clients hang them on their errors, and what
 * is stored must go to the server alone. Everything else is as in any other Buffer, so a client sends the bytes.
 */
class SilentBytes extends Uint8Array<ArrayBufferLike> {
  override toString(): string {
    return `[${this.length} bytes]`
  }

  override toLocaleString(): string {
    return this.toString()
  }

  toJSON(): string {
    return this.toString()
  }

  [inspect.custom](): string {
    return this.toString()
  }
}
// Clients ask `instanceof Buffer`, which has no constructor that a class could extend.
Object.setPrototypeOf(SilentBytes.prototype, Buffer.prototype)

/**
 * Converts an argument to a form that both clients accept: node-redis refuses a `Uint8Array` that is not a `Buffer`, and ioredis
 * would store its digits as text. The result prints as `[n bytes]`.
 */
export function wireArgument(argument: string | Uint8Array): string | Buffer {
  if (typeof argument === 'string') return argument
  return new SilentBytes(argument.buffer, argument.byteOffset, argument.byteLength) as unknown as Buffer
}
