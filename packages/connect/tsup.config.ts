import type { Options } from 'tsup'
import { packageBuild } from '../../tools/workspace/tsup.base.js'

// `import.meta.url` has a meaning in CommonJS too.
const config: Options = { ...packageBuild(), shims: true }

export default config
