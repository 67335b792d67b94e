export type * from './redis-transport.js'
