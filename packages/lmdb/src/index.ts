export { type LmdbDriverOptions, createLmdbDriver } from './lmdb-driver.js'
