/**
 * The packages of a server's libraries, and its own: what it depends on besides is for a server that is installed, such
 * as users and services, and has libraries of its own that no server is linked to.
 */
export function linkedPackages(
  dependencies: ReadonlyMap<string, readonly string[]>,
  own: readonly string[],
): string[] {
  const found = new Set(own)
  // A set goes on with what is added to it while it is walked.
  for (const name of found) {
    for (const dependency of dependencies.get(name) ?? []) {
      if (dependency.startsWith('lib')) found.add(dependency)
    }
  }
  return [...found]
}
