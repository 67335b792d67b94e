import type { ViteUserConfig } from 'vitest/config'
import { integrationProjects } from './vitest.projects.js'

const config: ViteUserConfig = { test: { projects: integrationProjects(), maxWorkers: 3 } }

export default config
