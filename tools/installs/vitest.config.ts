export { packageTests as default } from '../workspace/vitest.base.js'
