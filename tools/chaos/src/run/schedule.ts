import { seededRandom } from '@cairnkit/conformance/faults'
import type { FaultKind } from '../faults/index.js'
import { shuffled, whole } from '../random.js'

export interface Appointment {
  readonly kind: FaultKind
  /** How long the writers are left alone before it. */
  readonly quietMs: number
  /** Of what the fault draws itself: its victim, its times. */
  readonly seed: number
}

/** Faults without end that only depend on the seed. Every kind comes once before any comes again. */
export function* schedule(
  seed: number,
  kinds: readonly FaultKind[],
  quietMs: { readonly least: number; readonly most: number },
): Generator<Appointment, never, void> {
  if (kinds.length === 0) throw new RangeError('A schedule needs a fault')
  const random = seededRandom(seed)
  for (;;) {
    for (const kind of shuffled(random, kinds)) {
      yield {
        kind,
        quietMs: whole(random, quietMs.least, quietMs.most),
        seed: whole(random, 0, 0x7fff_ffff),
      }
    }
  }
}
