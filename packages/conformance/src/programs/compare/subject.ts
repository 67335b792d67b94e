import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import type { SaverWeights } from '../generate/generate-program.js'
import type { Program } from '../plan/program.js'
import type { ReferenceTraits } from '../reference/reference-traits.js'
import { createReference } from '../reference/create-reference.js'
import { type Difference, compareProgram } from './compare-program.js'
import type { KnownDifference } from './known-difference.js'

/** A kind of saver that programs may use. */
export interface SaverKind<Options> {
  /** The options that it is created with. */
  readonly options: Options
  /** How often it is drawn, relative to the others. @default 1 */
  readonly weight?: number
  /** `program`: one saver object for all steps. `step`: a new one for each step, with empty caches. @default 'program' */
  readonly lives?: 'program' | 'step'
}

/** The savers under test. All share one storage, so that one reads what another has written. */
export interface ProgramSubject<Options> {
  /** The kinds of savers, by their names in programs. */
  readonly savers: Readonly<Record<string, SaverKind<Options>>>
  /** Creates a saver on the shared storage. */
  readonly create: (options: Options) => BaseCheckpointSaver
  /** Creates the saver that defines the right outcome. @default `createReference`: LangGraph's `MemorySaver` with the traits */
  readonly reference?: (traits: ReferenceTraits) => BaseCheckpointSaver
  /** The known differences. @default none */
  readonly known?: readonly KnownDifference<Options>[]
  /** How long a step may take on either saver, in milliseconds; after that it counts as one that never ends. @default 60_000 */
  readonly stepLimitMs?: number
}

/** Only what hangs takes so long, on any machine. */
const STEP_LIMIT_MS = 60_000

/** Runs a program without the causes of some known differences. Resolves to its first difference, or `undefined`. */
export async function differenceOf<Options>(
  subject: ProgramSubject<Options>,
  program: Program,
  without: readonly KnownDifference<Options>[] = [],
): Promise<Difference | undefined> {
  const traits: ReferenceTraits = Object.assign({}, ...without.map((known) => known.without.reference ?? {}))
  const reference = (subject.reference ?? createReference)(traits)
  const living = new Map<string, BaseCheckpointSaver>()
  const saverOf = (name: string): BaseCheckpointSaver => {
    const kind = subject.savers[name]
    if (kind === undefined) throw new TypeError(`No saver is called ${JSON.stringify(name)}`)
    const options = without.reduce((held, known) => known.without.options?.(held) ?? held, kind.options)
    const saver = living.get(name) ?? subject.create(options)
    if (kind.lives !== 'step') living.set(name, saver)
    return saver
  }
  const { stepLimitMs = STEP_LIMIT_MS } = subject
  return await compareProgram(program, { saverOf, reference, stepLimitMs })
}

/** Returns how often each saver is drawn. */
export function weightsOf<Options>({ savers }: ProgramSubject<Options>): SaverWeights {
  return Object.fromEntries(Object.entries(savers).map(([name, { weight = 1 }]) => [name, weight]))
}
