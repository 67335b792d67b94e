import { createRequire } from 'node:module'
import type { FromUrl } from '@cairnkit/core/driver'
import type { DriverPackage } from './driver-packages.js'
import { factoryOf } from './given-drivers.js'

/** How modules are found and loaded. */
export interface Modules {
  /** The file, as a URL, from which names are resolved. */
  readonly from: string
  readonly load: (name: string) => Promise<unknown>
}

const modules: Modules = {
  from: import.meta.url,
  // A bundler must not look for the package: of the drivers, most programs install one. So the name is a variable, and bundlers
  // that would guess are told not to.
  load: async (name) =>
    await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ name),
}

/** Loads the first of `packages` that is installed. Throws an `Error` that says what to install if none is. */
export async function loadFirst(
  scheme: string,
  packages: readonly DriverPackage[],
  { from, load }: Modules = modules,
): Promise<FromUrl> {
  let missing: unknown
  for (const candidate of packages) {
    try {
      return factoryOf(await load(candidate.package), candidate)
    } catch (cause) {
      // Anything else than its absence is a fault of that package, and no reason to take another one.
      if (isInstalled(candidate, from)) throw cause
      missing ??= cause
    }
  }
  const commands = packages.map(({ package: name, clients: [client] }) =>
    ['npm install', name, client].filter(Boolean).join(' '),
  )
  const factories = packages.map(({ factory }) => factory).join(' or ')
  throw new Error(
    `No driver for ${scheme}: is installed. Run: ${commands.join(', or: ')}. A program that was bundled names its driver: connect(url, { drivers: [${factories}] })`,
    { cause: missing },
  )
}

/**
 * Whether a package and a client for it can be found from here. The resolver is asked, because runtimes and package managers
 * say in their own words that a module is missing, and because something that the package needs may be what is missing.
 */
function isInstalled({ package: name, clients }: DriverPackage, from: string): boolean {
  try {
    // Every package of Cairn exports its manifest; resolving it needs no build of the package.
    const manifest = createRequire(from).resolve(`${name}/package.json`)
    const fromThere = createRequire(manifest)
    return clients.length === 0 || clients.some((client) => resolves(fromThere, client))
  } catch {
    // Not found; or in a bundle, where there is nothing to look from.
    return false
  }
}

function resolves(from: NodeJS.Require, name: string): boolean {
  try {
    from.resolve(name)
    return true
  } catch {
    return false
  }
}
