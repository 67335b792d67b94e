import type { Options } from 'tsup'
import { packageBuild } from '../../tools/workspace/tsup.base.js'

const config: Options = packageBuild()

export default config
