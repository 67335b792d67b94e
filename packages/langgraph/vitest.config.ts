export { packageTests as default } from '../../tools/workspace/vitest.base.js'
