import { nodesOf } from '../plan/nodes-of.js'
import type { Program } from '../plan/program.js'
import type { Step } from '../plan/step.js'

/** Whether what a program names is there: nodes that are gone cannot be gone to. */
export function isSound({ graph, steps }: Program): boolean {
  const names = new Set([...nodesOf(graph).map(({ name }) => name), '__end__', '__input__', '__copy__'])
  const [first] = graph.layers
  if (first !== undefined && (first.link === 'goto' || first.link === 'join')) return false
  const named = [
    ...graph.interruptBefore,
    ...graph.interruptAfter,
    ...nodesOf(graph).flatMap((node) =>
      node.kind === 'function'
        ? node.acts.flatMap((act) => (act.act === 'leave' && act.goto ? [act.goto] : []))
        : [],
    ),
    ...steps.flatMap(namedBy),
  ]
  const hasChannels = steps.every((step) =>
    writesOf(step).every(({ channel }) => graph.channels.some((known) => known === channel)),
  )
  return hasChannels && named.every((name) => names.has(name))
}

function namedBy(step: Step): string[] {
  switch (step.do) {
    case 'run': {
      const goto = step.input.kind === 'command' ? step.input.goto : undefined
      return [goto, step.stop?.node, ...(step.interruptBefore ?? [])].filter((name) => name !== undefined)
    }
    case 'update':
      return step.update.asNode === undefined ? [] : [step.update.asNode]
    case 'bulk update':
      return step.supersteps.flat().flatMap(({ asNode }) => (asNode === undefined ? [] : [asNode]))
    case 'state':
    case 'history':
    case 'list':
    case 'delete':
      return []
  }
}

function writesOf(step: Step): readonly { readonly channel: string }[] {
  switch (step.do) {
    case 'run':
      return 'writes' in step.input ? step.input.writes : []
    case 'update':
      return step.update.writes ?? []
    case 'bulk update':
      return step.supersteps.flat().flatMap(({ writes }) => writes ?? [])
    case 'state':
    case 'history':
    case 'list':
    case 'delete':
      return []
  }
}
