import type { LabNode } from '@cairnkit/redis-lab'

/** Whether the server knows a command. */
export async function knows(node: LabNode, command: string): Promise<boolean> {
  const [info] = (await node.command('COMMAND', 'INFO', command)) as readonly unknown[]
  return info !== null
}

/** How a script that only reads is run there, by its digest and by its source, once a driver has found out. */
export async function readVerbs(node: LabNode): Promise<readonly [digest: string, source: string]> {
  return (await knows(node, 'evalsha_ro')) ? ['EVALSHA_RO', 'EVAL_RO'] : ['EVALSHA', 'EVAL']
}
