/**
 * An argument as both clients take it. A `Uint8Array` that is no `Buffer` is refused by node-redis, and ioredis stores
 * its digits as text.
 */
export function wireArgument(argument: string | Uint8Array): string | Buffer {
  return typeof argument === 'string' || Buffer.isBuffer(argument)
    ? argument
    : Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength)
}
