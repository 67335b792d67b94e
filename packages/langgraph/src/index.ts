export { CairnSaver } from './cairn-saver.js'
export type { CairnSaverOptions } from './saver-options.js'
export { StorageError, type StorageErrorCode } from '@cairnkit/core'
