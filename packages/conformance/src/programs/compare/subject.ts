import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import type { SaverWeights } from '../generate/generate-program.js'
import type { Program } from '../plan/program.js'
import type { ReferenceTraits } from '../reference/reference-traits.js'
import { createReference } from '../reference/create-reference.js'
import { type Difference, compareProgram } from './compare-program.js'
import type { KnownDifference } from './known-difference.js'

/** A saver as programs may use it. */
export interface SaverKind<Options> {
  readonly options: Options
  /** How often it is drawn, beside the others. @default 1 */
  readonly weight?: number
  /** `program`: one object for all steps. `step`: a new one for each, which remembers nothing. @default 'program' */
  readonly lives?: 'program' | 'step'
}

/** The savers under test. All of them are on one storage, so that one reads what another has written. */
export interface ProgramSubject<Options> {
  /** By the name that a program calls it. */
  readonly savers: Readonly<Record<string, SaverKind<Options>>>
  readonly create: (options: Options) => BaseCheckpointSaver
  /** @default `createReference`: LangGraph's `MemorySaver`, altered in what the traits say */
  readonly reference?: (traits: ReferenceTraits) => BaseCheckpointSaver
  /** @default none */
  readonly known?: readonly KnownDifference<Options>[]
  /** How long a step may take on either side, in milliseconds, before it counts as one that never ends. @default 60_000 */
  readonly stepLimitMs?: number
}

/** Only what hangs takes so long, on any machine. */
const STEP_LIMIT_MS = 60_000

/** The first difference of a program when the causes of some known ones are taken away. */
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

/** How often each saver is drawn. */
export function weightsOf<Options>({ savers }: ProgramSubject<Options>): SaverWeights {
  return Object.fromEntries(Object.entries(savers).map(([name, { weight = 1 }]) => [name, weight]))
}
