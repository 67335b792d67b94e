import webpack from 'webpack'
import config from './webpack.config.mjs'

webpack(config, (error, stats) => {
  const failed = error !== null || stats.hasErrors()
  if (failed) console.error(error ?? stats.toString('errors-only'))
  process.exitCode = failed ? 1 : 0
})
