import type { ViteUserConfig } from 'vitest/config'
import { integrationProjects } from './packages/integration/vitest.projects.js'
import { workspaceProjects } from './tools/workspace/vitest.base.js'

const config: ViteUserConfig = {
  test: {
    projects: [...workspaceProjects(), ...integrationProjects()],
    reporters: ['default', './tools/workspace/src/matrix-reporter.ts'],
    // One more than the cores of a small machine: tests of failovers mostly wait.
    maxWorkers: 3,
    experimental: { fsModuleCache: true },
    allowOnly: false,
  },
}

export default config
