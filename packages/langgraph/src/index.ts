export { CairnSaver, type CairnSaverOptions } from './cairn-saver.js'
export { StorageError, type StorageErrorCode } from '@cairnkit/core'
