import { fileURLToPath } from 'node:url'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import { packageTests } from '../../tools/workspace/vitest.base.js'
import { projectOf, selectCells } from './src/cells.js'

const root = fileURLToPath(new URL('.', import.meta.url))

/** One project per cell; `CAIRN_CELL` narrows them to those whose name contains it. */
export function integrationProjects(): TestProjectInlineConfiguration[] {
  return selectCells(process.env['CAIRN_CELL']).map((cell) => ({
    ...packageTests,
    root,
    test: {
      ...packageTests.test,
      name: projectOf(cell),
      include: cell.suites === 'all' ? ['test/**/*.test.ts'] : ['test/driver.test.ts'],
      // LangGraph's validation suite takes describe, it and expect from the globals.
      globals: true,
      // Files of a cell share its worker: loading LangGraph anew for each would take longer than most of them.
      isolate: false,
      globalSetup: ['src/lab-setup.ts'],
      provide: { cell },
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  }))
}
