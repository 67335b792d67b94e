import type { LabNode } from '@cairnkit/redis-lab'

/** The commands of `wanted` that a server knows: one that meets another in a rule for users refuses the rule. */
export async function knownTo(node: LabNode, wanted: readonly string[]): Promise<readonly string[]> {
  // Before 7.0 a server tells nothing of subcommands. Those that are sent are as old as their commands.
  const names = wanted.map((command) => command.replace(/\|.*/, ''))
  const known = (await node.command('COMMAND', 'INFO', ...names)) as readonly unknown[]
  return wanted.filter((_, at) => known[at] !== null)
}
