import type { ViteUserConfig } from 'vitest/config'
import { integrationProjects } from './packages/integration/vitest.projects.js'
import { workspaceProjects } from './tools/workspace/vitest.base.js'
import { projectsOfBatch } from './tools/workspace/vitest.batch.js'

const config: ViteUserConfig = {
  test: {
    // The cells first: they take the longest.
    projects: projectsOfBatch([...integrationProjects(), ...workspaceProjects()]),
    reporters: ['default', './tools/workspace/src/matrix-reporter.ts'],
    // One more than the cores of a small machine: tests of failovers mostly wait.
    maxWorkers: 3,
    experimental: { fsModuleCache: true },
    allowOnly: false,
  },
}

export default config
