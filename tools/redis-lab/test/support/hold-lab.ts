import { type LabFacts, type TopologyKind, labFacts, startLab } from '../../src/index.js'

/** What the parent reads from the first line. */
export interface HeldLab {
  readonly facts: LabFacts
  readonly pids: readonly number[]
}

// Starts the lab that is named on the command line, tells of it on one line, and holds it until it is killed, or ends
// in the way that is named as well.
const [kind, ending] = process.argv.slice(2)
const lab = await startLab(kind as TopologyKind)
const servers = lab.kind === 'sentinel' ? [...lab.nodes, ...lab.sentinels] : lab.nodes
const pids = await Promise.all(
  servers.map(async (node) =>
    Number(/process_id:(\d+)/.exec(String(await node.command('INFO', 'server')))?.[1]),
  ),
)
if (ending === 'paused') await lab.nodes[0].pause()
process.stdout.write(`${JSON.stringify({ facts: labFacts(lab), pids } satisfies HeldLab)}\n`)
if (ending === 'throw') throw new Error('An error that nobody catches')
if (ending !== 'forget') setInterval(() => {}, 60_000)
