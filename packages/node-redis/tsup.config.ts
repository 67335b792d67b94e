import { packageBuild } from '../../tools/workspace/tsup.base.js'

export default packageBuild()
