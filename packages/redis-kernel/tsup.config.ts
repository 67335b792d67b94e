import type { Options } from 'tsup'
import { packageBuild } from '../../tools/workspace/tsup.base.js'

const config: Options = packageBuild(['src/storage/index.ts', 'src/connections/index.ts'])

export default config
