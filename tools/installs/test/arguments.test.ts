import { UsageError } from '@cairnkit/tool-kit'
import { describe, expect, it } from 'vitest'
import { USAGE, readArguments } from '../src/arguments.js'
import { kinds } from '../src/kinds/index.js'
import { managers } from '../src/managers/index.js'
import { runtimes } from '../src/runtimes/runtimes.js'

function idsOf(...args: string[]): Record<string, unknown> {
  const options = readArguments(args)
  if (options === 'help') throw new Error('nobody asked for help')
  const ids = (all: readonly { readonly id: string }[] | undefined): string[] | undefined =>
    all?.map(({ id }) => id)
  return {
    managers: ids(options.managers),
    kinds: ids(options.kinds),
    runtimes: ids(options.runtimes),
    suitesOn: ids(options.suitesOn),
  }
}

describe('the arguments', () => {
  it('ask for everything when there are none', () => {
    expect(readArguments([])).toEqual({ managers, kinds, runtimes, suitesOn: undefined, folder: undefined })
  })

  it('ask for npm, in place and with esbuild, with --short', () => {
    expect(idsOf('--short')).toEqual({
      managers: ['npm'],
      kinds: ['readme', 'esm', 'cjs', 'esbuild', 'minified', 'no-drivers'],
      runtimes: [],
      suitesOn: undefined,
    })
  })

  it('choose, also on top of --short', () => {
    expect(idsOf('--short', '--managers', 'bun,npm', '--kinds', 'vite', '--on', 'node22')).toEqual({
      managers: ['npm', 'bun'],
      kinds: ['vite'],
      runtimes: ['node22'],
      suitesOn: undefined,
    })
    expect(idsOf('--runtimes', 'on-bun')['suitesOn']).toEqual(['on-bun'])
  })

  it('are refused with what there is', () => {
    expect(() => readArguments(['--managers', 'cargo'])).toThrow(UsageError)
    expect(() => readArguments(['--managers', 'cargo'])).toThrow('npm, pnpm')
    expect(() => readArguments(['more'])).toThrow(UsageError)
  })

  it('name each thing once, and the usage has all', () => {
    for (const all of [kinds, managers, runtimes]) {
      const ids = all.map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      for (const id of ids) expect(USAGE).toContain(id)
    }
    for (const kind of kinds) {
      const strangers = Object.keys(kind.without).filter(
        (id) => !managers.some((manager) => manager.id === id),
      )
      expect(strangers).toEqual([])
    }
  })
})
