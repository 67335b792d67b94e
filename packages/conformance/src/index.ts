export { describeStorageDriver } from './driver/index.js'
export type { StorageDriverHarness, StorageTamper } from './driver/harness.js'
export { hostileEntries, hostileInputs } from './hostile-inputs.js'
export type { TestContext, TestRunner } from './runner.js'
