import type { Options } from 'tsup'
import { packageBuild } from '../../tools/workspace/tsup.base.js'

const config: Options = packageBuild(['src/index.ts', 'src/faults/index.ts', 'src/programs/index.ts'])

export default config
