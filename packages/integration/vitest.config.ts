import type { ViteUserConfig } from 'vitest/config'
import { integrationProjects } from './vitest.projects.js'

const config: ViteUserConfig = { test: { projects: integrationProjects(), maxWorkers: 2 } }

export default config
