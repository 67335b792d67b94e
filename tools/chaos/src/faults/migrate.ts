import { pick, shuffled } from '../random.js'
import type { Fault } from './fault.js'
import { anyPrimary } from './takeover.js'

const SLOTS = 24

export const migrate: Fault = {
  title: 'slots move to another primary with their threads, those that are written to first',
  topologies: ['cluster'],
  byDefault: true,
  rightCodes: [],
  mayLose: () => false,
  async inject(context) {
    const { lab, random, threads } = context
    if (lab.kind !== 'cluster') throw new TypeError(`A ${lab.kind} lab has no slots`)
    const target = await anyPrimary(context)
    const busy = new Set(threads().map((thread) => lab.slotOf(`cairn:{thread:${thread}}`)))
    const others = Array.from({ length: SLOTS }, () => Math.floor(random() * 16_384))
    const slots = [...shuffled(random, [...busy]), ...others].slice(0, SLOTS)
    await lab.migrateSlots(slots, target, { batchSize: pick(random, [1, 10, 100]) })
    return `${slots.length} slots to ${target.name}`
  },
}
