import { type UserWorkspaceConfig, mergeConfig } from 'vitest/config'
import { packageTests } from '../workspace/vitest.base.js'

// Servers start and fail over in real time, and other suites may hold the cores.
const config: UserWorkspaceConfig = mergeConfig(packageTests, {
  test: { testTimeout: 30_000, hookTimeout: 30_000 },
})

export default config
