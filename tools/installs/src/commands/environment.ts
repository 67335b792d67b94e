/**
 * The environment of a command that a user would type: without what `npm run` sets, which other package managers read as
 * settings of theirs, and without what says that nobody looks.
 */
export function userEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_.*|CI|INIT_CWD|NODE_ENV|FORCE_COLOR)$/i.test(name),
  )
  return { ...Object.fromEntries(kept), ...quiet, ...extra }
}

const quiet: Readonly<Record<string, string>> = {
  NO_COLOR: '1',
  DO_NOT_TRACK: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  YARN_ENABLE_TELEMETRY: '0',
  DENO_NO_UPDATE_CHECK: '1',
}
