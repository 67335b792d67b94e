// nx loads this file as it is, on every Node; what it does is written in TypeScript.
const { require: requireTypeScript } = require('tsx/cjs/api')

module.exports = requireTypeScript('./src/release/version-actions.ts', __filename)
