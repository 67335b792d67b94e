import { nameOptions, parseOptions } from '@cairnkit/tool-kit'
import { kinds } from './kinds/index.js'
import type { Kind } from './kinds/kind.js'
import { managers } from './managers/index.js'
import type { Manager } from './managers/manager.js'
import { type Runtime, runtimes } from './runtimes/runtimes.js'

export interface Arguments {
  readonly managers: readonly Manager[]
  readonly kinds: readonly Kind[]
  /** On which the kinds are tried that can be. */
  readonly runtimes: readonly Runtime[]
  /** On which the suites run, in place of everything else. */
  readonly suitesOn: readonly Runtime[] | undefined
  readonly folder: string | undefined
}

const ids = (all: readonly { readonly id: string }[]): string[] => all.map(({ id }) => id)

export const USAGE: string = `Usage: npm run installs -- [options]

Packs the packages, publishes them to a registry on this machine, installs them from
there into empty projects as the README says, and runs its example in each: in place,
bundled, in a Next.js app, and on each runtime. Prints one table. Exit code 1 if
something failed. Everything else is downloaded from the registry that npm is
configured with; nothing is left behind.

Options
  --short              npm, and what needs no other download than esbuild
  --managers <a,b>     only these; npm among them also installs for the runtimes
  --kinds <a,b>        only these
  --on <a,b>           only these runtimes
  --runtimes <a,b>     instead: the driver and checkpointer suites on these runtimes
  --folder <path>      work here, and leave it: the next run has its downloads
  -h, --help           this text

Managers  ${ids(managers).join(', ')}
Runtimes  ${ids(runtimes).join(', ')}
Kinds
${kinds.map(({ id, name }) => `  ${id.padEnd(16)}${name}`).join('\n')}
`

export function readArguments(args: readonly string[]): Arguments | 'help' {
  const text = { type: 'string' } as const
  const { values } = parseOptions({
    args: [...args],
    options: {
      short: { type: 'boolean' },
      managers: text,
      kinds: text,
      on: text,
      runtimes: text,
      folder: text,
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) return 'help'
  const short = values.short === true
  const usual = {
    managers: short ? managers.filter(({ id }) => id === 'npm') : managers,
    kinds: short ? kinds.filter((kind) => kind.short) : kinds,
    runtimes: short ? [] : runtimes,
  }
  return {
    managers: chosen('--managers', values.managers, managers) ?? usual.managers,
    kinds: chosen('--kinds', values.kinds, kinds) ?? usual.kinds,
    runtimes: chosen('--on', values.on, runtimes) ?? usual.runtimes,
    suitesOn: chosen('--runtimes', values.runtimes, runtimes),
    folder: values.folder,
  }
}

function chosen<T extends { readonly id: string }>(
  option: string,
  text: string | undefined,
  all: readonly T[],
): T[] | undefined {
  const names = nameOptions(option, text, ids(all))
  return names === undefined ? undefined : all.filter(({ id }) => names.includes(id))
}
