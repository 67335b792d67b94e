import { remoteControl } from './control-channel.js'
import type { LabFacts } from './facts.js'
import { labHandle } from './lab-handle.js'
import type { LabOf } from './lab.js'

/**
 * A handle on a lab that another process of this machine started and still holds. It can do all that the owner's can;
 * its `stop()` only lets go of its own connections.
 */
export function attachLab<F extends LabFacts>(facts: F): LabOf<F['kind']> {
  return labHandle(facts, remoteControl(facts.controlPath), async () => {}) as LabOf<F['kind']>
}
