import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { TestProjectInlineConfiguration, ViteUserConfig } from 'vitest/config'
import { workspaceProjects } from './tools/workspace/vitest.base.js'

interface IntegrationModule {
  integrationProjects(): TestProjectInlineConfiguration[] | Promise<TestProjectInlineConfiguration[]>
}

async function integrationProjects(): Promise<TestProjectInlineConfiguration[]> {
  const file = fileURLToPath(new URL('packages/integration/vitest.projects.ts', import.meta.url))
  if (!existsSync(file)) return []
  const { tsImport } = await import('tsx/esm/api')
  const module = (await tsImport(file, import.meta.url)) as IntegrationModule
  return module.integrationProjects()
}

const config: ViteUserConfig = {
  test: {
    projects: [...workspaceProjects(), ...(await integrationProjects())],
    reporters: ['default', './tools/workspace/src/matrix-reporter.ts'],
    maxWorkers: 2,
    allowOnly: false,
  },
}

export default config
