/** The entry point of the storage half: a driver for Redis on any transport. */
export { createRedisDriver } from './driver/redis-driver.js'
export { hashSlot } from './encoding/hash-slot.js'
export { classifyServerError, serverErrorCode } from './errors/server-error.js'
export type { KernelOptions } from './options/kernel-options.js'
export type * from '../redis-transport.js'
