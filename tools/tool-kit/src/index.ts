/** What the programs of this repository share. It imports nothing of Cairn, so that every tool may import it. */
export { bar } from './bar.js'
export { nameOptions } from './name-options.js'
export { type NumberRange, numberOption } from './number-option.js'
export { parseOptions } from './parse-options.js'
export { type Tool, runTool } from './run-tool.js'
export { type Output, StatusLine } from './status-line.js'
export { textTable } from './text-table.js'
export { UsageError } from './usage-error.js'
