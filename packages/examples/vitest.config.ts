import { type UserWorkspaceConfig, mergeConfig } from 'vitest/config'
import { packageTests } from '../../tools/workspace/vitest.base.js'

const config: UserWorkspaceConfig = mergeConfig(packageTests, {
  test: { globalSetup: ['test/support/compile-chat.ts'] },
})

export default config
