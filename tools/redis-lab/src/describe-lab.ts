import type { Lab, LabNode } from './lab.js'

/** What a person needs to use a lab: the URL first, then the servers. */
export function describeLab(lab: Lab, startedInMs: number): string {
  const servers = lab.kind === 'sentinel' ? [...lab.nodes, ...lab.sentinels] : lab.nodes
  return [
    `${lab.kind} is ready after ${(startedInMs / 1000).toFixed(1)} s`,
    '',
    `  ${lab.url}`,
    '',
    ...servers.map(serverLine),
    ...(lab.kind === 'standalone-tls'
      ? ['', `  administrator: ${lab.adminUsername}, password ${lab.adminPassword}`]
      : []),
    '',
    `  directory: ${lab.directory}`,
    '',
    'Ctrl-C stops it.',
    '',
  ].join('\n')
}

function serverLine(node: LabNode): string {
  return `  ${node.name.padEnd(12)}${node.host}:${node.port}`
}
