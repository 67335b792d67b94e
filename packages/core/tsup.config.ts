import { packageBuild } from '../../tools/workspace/tsup.base.js'

export default packageBuild(['src/index.ts', 'src/driver/index.ts'])
