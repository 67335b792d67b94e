/** What the sources of one package may import. Everything that is not named here is forbidden. */
export interface PackageRule {
  /** Importable in every form; in the manifest a plain dependency. */
  readonly imports: readonly string[]
  /** Importable in every form; in the manifest a peer dependency, so that the user's own copy is used. */
  readonly peers?: readonly string[]
  /** Importable with `import type` and `export type` only; in the manifest a peer dependency. */
  readonly types?: readonly string[]
  /**
   * Loaded by names that one file of `src` computes, so that no bundler looks for packages that are not installed; in the
   * manifest optional peer dependencies.
   */
  readonly byName?: { readonly file: string; readonly packages: readonly string[] }
  /**
   * Folders of `src` that are doors of their own and import more than the rest, by their names: what they import on top,
   * in the manifest a peer dependency. The rest may not import from them, so whoever enters by another door needs none of
   * it; what only doors import is optional.
   */
  readonly doors?: Readonly<Record<string, readonly string[]>>
  /**
   * Walls inside of `src`: folders by their names, and what of the rest of `src` the files of each may import. A path that
   * ends in `/` stands for all that is below it.
   */
  readonly rooms?: Readonly<Record<string, readonly string[]>>
  /** Workspace packages that the tests may import on top. */
  readonly tests?: readonly string[]
  /** Folders whose suites the tests may call, by relative path: a suite is no part of what a package publishes. */
  readonly suitesOf?: readonly string[]
}

const core = '@cairnkit/core'
const drivers = ['@cairnkit/memory', '@cairnkit/lmdb', '@cairnkit/ioredis', '@cairnkit/node-redis']
const langchain = ['@langchain/core', '@langchain/langgraph-checkpoint']
const lab = '@cairnkit/redis-lab'
const suites = '@cairnkit/conformance'
const kit = '@cairnkit/tool-kit'

/**
 * Who may import whom, by folder. `.oxlintrc.json` and the boundary check both follow this table.
 * Node's builtins are open to every package, written with `node:`; `node:test` is open to none, because it is a test runner.
 */
export const table: Readonly<Record<string, PackageRule>> = {
  'packages/core': { imports: [] },
  'packages/memory': { imports: [core], tests: [suites] },
  'packages/lmdb': { imports: [core, 'lmdb'], tests: [suites, '@cairnkit/memory'] },
  'packages/redis-kernel': {
    imports: [core],
    rooms: {
      storage: ['redis-transport.ts'],
      connections: ['redis-transport.ts', 'storage/index.ts'],
    },
    tests: [lab],
  },
  'packages/node-redis': {
    imports: [core, '@cairnkit/redis-kernel'],
    peers: ['@redis/client'],
    tests: [lab],
    suitesOf: ['packages/redis-kernel'],
  },
  'packages/ioredis': {
    imports: [core, '@cairnkit/redis-kernel'],
    peers: ['ioredis'],
    tests: [lab],
    suitesOf: ['packages/redis-kernel'],
  },
  'packages/langgraph': {
    imports: [core],
    peers: langchain,
    // From the bottom to the top: what a value's bytes are, what a thread's are, what is known of it, how it is written,
    // what a user holds. What a message is, only the engine knows.
    rooms: {
      bounds: [],
      background: [],
      'engine/fragments': [],
      'engine/messages': ['bounds/', 'engine/fragments/'],
      'engine/objects': ['bounds/', 'engine/fragments/', 'engine/messages/'],
      'engine/values': ['engine/fragments/', 'engine/messages/', 'engine/objects/'],
      records: ['engine/fragments/'],
      lease: ['records/', 'thread-errors.ts'],
      knowledge: ['bounds/', 'engine/fragments/', 'engine/objects/', 'records/'],
      commit: [
        ...['engine/fragments/', 'engine/objects/', 'records/', 'knowledge/', 'lease/'],
        'thread-errors.ts',
      ],
      expiry: ['background/', 'bounds/', 'records/', 'commit/'],
      healing: [
        ...['bounds/', 'engine/fragments/', 'engine/objects/', 'records/', 'knowledge/', 'commit/'],
        'observer-guard.ts',
      ],
      'saver/reading': [
        ...['bounds/', 'engine/fragments/', 'engine/objects/', 'engine/values/', 'records/', 'knowledge/'],
        ...['expiry/', 'saver/thread-config.ts', 'saver/map-maybe-async.ts', 'observer-guard.ts'],
      ],
      'saver/listing': ['records/', 'saver/reading/'],
      retention: [
        ...[
          'background/',
          'bounds/',
          'engine/objects/',
          'records/',
          'knowledge/',
          'lease/',
          'commit/',
          'expiry/',
        ],
        ...['saver/reading/', 'thread-errors.ts'],
      ],
      threads: [
        ...[
          'background/',
          'bounds/',
          'engine/objects/',
          'engine/values/',
          'records/',
          'knowledge/',
          'lease/',
        ],
        ...['expiry/', 'retention/', 'saver/reading/', 'thread-errors.ts'],
      ],
      'saver/writing': [
        ...['engine/fragments/', 'engine/objects/', 'engine/values/', 'records/', 'knowledge/', 'commit/'],
        ...[
          'expiry/',
          'saver/thread-config.ts',
          'saver/map-maybe-async.ts',
          'saver/reading/unreadable-values.ts',
        ],
      ],
      saver: [
        ...['background/', 'engine/objects/', 'engine/values/', 'records/', 'knowledge/', 'commit/'],
        ...[
          'expiry/',
          'healing/',
          'lease/',
          'retention/',
          'threads/thread-news.ts',
          'threads/thread-operations.ts',
        ],
      ],
    },
    tests: ['@cairnkit/memory'],
  },
  'packages/conformance': {
    imports: [core, 'fast-check'],
    types: langchain,
    doors: { programs: [...langchain, '@langchain/langgraph'] },
    tests: ['@cairnkit/memory', '@cairnkit/langgraph', kit],
  },
  'packages/connect': {
    imports: [core, '@cairnkit/langgraph'],
    byName: { file: 'load.ts', packages: drivers },
    tests: [lab],
  },
  'packages/integration': {
    imports: [
      ...[core, ...drivers, '@cairnkit/redis-kernel', '@cairnkit/connect', '@cairnkit/langgraph'],
      ...[suites, '@cairnkit/programs', lab, kit, ...langchain, '@langchain/langgraph'],
      ...['@langchain/langgraph-checkpoint-validation', 'ioredis', 'ioredis-5'],
      ...['@redis/client', 'redis', 'redis-5'],
      'vitest',
    ],
  },
  'packages/examples': {
    imports: [
      ...[core, ...drivers, '@cairnkit/connect', '@cairnkit/langgraph', ...langchain],
      ...['@langchain/langgraph', '@langchain/openai', 'ioredis', '@redis/client'],
    ],
    tests: [kit],
  },
  'tools/bench': {
    imports: [
      ...[core, ...drivers, '@cairnkit/connect', '@cairnkit/langgraph', suites, lab, kit],
      ...[...langchain, '@langchain/langgraph', 'ioredis', '@redis/client'],
    ],
  },
  'tools/chaos': {
    imports: [
      ...[core, '@cairnkit/ioredis', '@cairnkit/node-redis', '@cairnkit/langgraph', suites, lab, kit],
      ...[...langchain, '@langchain/langgraph', 'ioredis', '@redis/client'],
    ],
    tests: ['@cairnkit/memory'],
  },
  'tools/installs': { imports: [lab, kit] },
  'tools/programs': {
    imports: [
      ...[core, ...drivers, '@cairnkit/connect', '@cairnkit/langgraph', suites, lab, kit],
      ...[...langchain, '@langchain/langgraph', 'ioredis', '@redis/client'],
    ],
  },
  'tools/redis-lab': { imports: [kit] },
  'tools/tool-kit': { imports: ['esbuild'] },
  'tools/workspace': { imports: [lab, kit, 'nx', 'prettier', 'typescript', 'vitest'] },
}
