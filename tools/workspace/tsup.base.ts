import type { Options } from 'tsup'

/**
 * The build of a public package: ESM and CommonJS with types for each.
 * tsup leaves everything outside that `dependencies` and `peerDependencies` name.
 *
 * @param entry The doors of the package, as its `exports` name them.
 */
export function packageBuild(entry: readonly string[] = ['src/index.ts']): Options {
  return {
    entry: [...entry],
    format: ['esm', 'cjs'],
    platform: 'node',
    target: 'node20',
    // Doors of one package must share their module state, in CommonJS too.
    splitting: entry.length > 1,
    clean: true,
    // tsup sets `baseUrl`, which TypeScript 6 reports as deprecated.
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
    esbuildOptions(options, { format }) {
      // A CommonJS user gets the CommonJS driver: one copy of core, and it loads where `import()` is not available (Jest).
      if (format === 'cjs') options.supported = { 'dynamic-import': false }
    },
  }
}
