import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkBoundaries } from './boundaries/check.js'
import { withOverrides } from './boundaries/oxlint.js'
import { table } from './boundaries/table.js'
import { describeViolation } from './boundaries/violation.js'
import { fail, root, runMain } from './main.js'

runMain(async () => {
  const file = join(root, '.oxlintrc.json')
  const current = await readFile(file, 'utf8')
  const expected = await withOverrides(current, table, file)
  if (process.argv.includes('--write')) await writeFile(file, expected)
  else if (current !== expected)
    fail('.oxlintrc.json does not state the table: run "npm run boundaries -- --write"')
  const violations = await checkBoundaries(root, table)
  for (const violation of violations) console.log(describeViolation(violation))
  if (violations.length > 0) fail(`${violations.length} imports or dependencies cross a boundary`)
  console.log(`boundaries: ${Object.keys(table).length} packages keep to the table`)
})
