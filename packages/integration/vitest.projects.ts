import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import { isUntouched, packageTests } from '../../tools/workspace/vitest.base.js'
import { type Scope, scopeOf, scopeVariable } from '../../tools/workspace/vitest.scope.js'
import { type Cell, projectOf, quickCells, selectCells } from './src/cells.js'
import { leftOutOf, leftOutOfRest, leftOutWhenQuick } from './src/left-out.js'

const root = fileURLToPath(new URL('.', import.meta.url))

const suites: readonly string[] = readdirSync(new URL('test', import.meta.url))
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => name.slice(0, -'.test.ts'.length))

/** One project per cell; `CAIRN_CELL` narrows them to those whose name contains it. */
export function integrationProjects(): TestProjectInlineConfiguration[] {
  const scope = scopeOf(process.env[scopeVariable])
  if (isUntouched('packages/integration')) return []
  return selectCells(process.env['CAIRN_CELL']).flatMap((cell) => {
    const leftOut = leftOutIn(scope, cell)
    const include = suitesOf(cell).filter((suite) => !leftOut.has(suite))
    if (include.length === 0) return []
    return {
      ...packageTests,
      root,
      test: {
        ...packageTests.test,
        name: projectOf(cell),
        include: include.map((suite) => `test/${suite}.test.ts`),
        // LangGraph's validation suite takes describe, it and expect from the globals.
        globals: true,
        globalSetup: ['src/lab-setup.ts'],
        provide: { cell, leftOut: Object.fromEntries(leftOut) },
      },
    }
  })
}

function suitesOf(cell: Cell): readonly string[] {
  switch (cell.suites) {
    case 'all':
      return suites
    case 'driver':
      return ['driver']
    case 'contracts':
      return ['driver', 'checkpointer']
  }
}

/** The suites that a run of this scope leaves out in a cell, with the reasons. */
function leftOutIn(scope: Scope, cell: Cell): ReadonlyMap<string, string> {
  // Whoever names a service means its suites.
  if (cell.suites === 'contracts') return new Map()
  const others = leftOutOf(cell)
  switch (scope) {
    case 'all':
      return new Map()
    case 'usual':
      return others
    case 'rest':
      return new Map([
        ...leftOutOfRest(cell),
        ...suitesOf(cell).flatMap((suite) =>
          others.has(suite) ? [] : [[suite, 'npm test runs it here'] as const],
        ),
      ])
    case 'quick':
      return quickCells.includes(cell)
        ? leftOutWhenQuick(cell)
        : new Map(suitesOf(cell).map((suite) => [suite, 'npm test runs it here']))
  }
}
