import { type ClusterFacts, attachLab } from '../../src/index.js'

// The other process of the slot migration test.
interface Task {
  readonly facts: ClusterFacts
  readonly slots: readonly number[]
  readonly to: string
}

const { facts, slots, to } = JSON.parse(process.argv[2] ?? '') as Task
const lab = attachLab(facts)
const target = lab.nodes.find(({ name }) => name === to)
if (target === undefined) throw new Error(`No node is named ${to}`)
await lab.migrateSlots(slots, target)
await lab.stop()
