export { type MemoryDriverOptions, createMemoryDriver } from './memory-driver.js'
