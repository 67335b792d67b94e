/** A package of Cairn that holds a driver, and what has to be installed for it. */
export interface DriverPackage<Module> {
  readonly name: string
  /** The client that it needs besides. */
  readonly peer?: string
  readonly load: () => Promise<Module>
}

/** Loads the first of `packages` that is installed. Throws an `Error` that says what to install if none is. */
export async function loadFirst<Module>(
  purpose: string,
  packages: readonly DriverPackage<Module>[],
): Promise<Module> {
  let missing: unknown
  for (const candidate of packages) {
    try {
      return await candidate.load()
    } catch (cause) {
      // Anything else than its absence is a fault of that package, and no reason to take another one.
      if (!isMissing(cause, candidate)) throw cause
      missing ??= cause
    }
  }
  const commands = packages.map(({ name, peer }) => `npm install ${[name, peer].filter(Boolean).join(' ')}`)
  throw new Error(`No driver for ${purpose} is installed. Run: ${commands.join(', or: ')}`, {
    cause: missing,
  })
}

/** Whether the package itself or its client is what was not found, and not something that one of them needs. */
function isMissing(cause: unknown, { name, peer }: DriverPackage<unknown>): boolean {
  if (!(cause instanceof Error)) return false
  const { code } = cause as { code?: unknown }
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return false
  const [, found] = /^Cannot find (?:package|module) '([^']+)'/.exec(cause.message) ?? []
  return found !== undefined && (found === name || found === peer)
}
