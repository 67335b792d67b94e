import type { Write } from '../plan/channel.js'
import {
  ALWAYS,
  type Act,
  type LayerPlan,
  type LayeredPlan,
  type NodePlan,
  type Subgraph,
} from '../plan/graph-plan.js'
import type { Program } from '../plan/program.js'
import type { Place, RunInput, RunStep, Step, Update } from '../plan/step.js'

/** Prints a program: its state, its graph layer by layer, and its steps. */
export function printProgram({ seed, graph, steps }: Program): string {
  const { channels, snapshotFrequency, interruptBefore, interruptAfter } = graph
  const hasDelta = channels.includes('events') || channels.includes('chat')
  const interrupts = [
    ...(interruptBefore.length === 0 ? [] : [`interrupts before ${interruptBefore.join(', ')}`]),
    ...(interruptAfter.length === 0 ? [] : [`interrupts after ${interruptAfter.join(', ')}`]),
  ]
  return [
    seed === 0 ? 'Program' : `Program of seed ${seed}`,
    `State: ${channels.join(', ')}${hasDelta ? ` (snapshot every ${snapshotFrequency})` : ''}`,
    'Graph:',
    ...printGraph(graph, '  '),
    ...interrupts.map((line) => `  ${line}`),
    'Steps:',
    ...steps.map((step, at) => `  ${at + 1}. ${printStep(step)}`),
  ].join('\n')
}

function printGraph({ layers, loops }: LayeredPlan, indent: string): string[] {
  return [
    ...layers.flatMap((layer, at) => printLayer(layer, at === 0 ? undefined : layers[at - 1], indent)),
    ...(loops ? [`${indent}or back to the first layer`] : []),
  ]
}

function printLayer({ link, nodes }: LayerPlan, before: LayerPlan | undefined, indent: string): string[] {
  const from = before === undefined ? 'START' : before.nodes.map(({ name }) => name).join(', ')
  return [
    `${indent}${from} -> ${nodes.map(({ name }) => name).join(', ')} (${link})`,
    ...nodes.flatMap((node) => printNode(node, `${indent}  `)),
  ]
}

function printNode(node: NodePlan, indent: string): string[] {
  if (node.kind === 'subgraph') {
    return [
      `${indent}${node.name}: subgraph, checkpointer ${node.checkpointer}`,
      ...printGraph(node.graph, `${indent}  `),
    ]
  }
  const policies = [
    ...(node.attempts > 1 ? [`tried ${node.attempts} times`] : []),
    ...(node.isRescued ? ['has an error handler'] : []),
  ]
  const parts = [...node.acts.map(printAct), ...policies]
  const called = node.acts.flatMap((act) =>
    act.act === 'call' ? printCalled(act.subgraph, `${indent}  `) : [],
  )
  return [`${indent}${node.name}: ${parts.length === 0 ? 'logs' : parts.join('; ')}`, ...called]
}

function printCalled({ checkpointer, graph }: Subgraph, indent: string): string[] {
  return [`${indent}called: subgraph, checkpointer ${checkpointer}`, ...printGraph(graph, `${indent}  `)]
}

function printAct(act: Act): string {
  switch (act.act) {
    case 'write':
      return `writes ${printWrite(act.write)}`
    case 'change':
      return `changes ${act.channel} in place${act.returned ? ' and returns it' : ''}`
    case 'ask':
      return act.times === 1 ? 'interrupts' : `interrupts ${act.times} times`
    case 'fail':
      return act.times === ALWAYS ? 'fails' : `fails the first ${act.times}`
    case 'call':
      return act.times === 1 ? 'calls a subgraph' : `calls a subgraph ${act.times} times`
    case 'tell':
      return 'streams a chunk of its own'
    case 'leave':
      return act.goto === undefined ? 'Command to the parent' : `Command to the parent, goto ${act.goto}`
  }
}

function printWrite(write: Write): string {
  if ('overwrites' in write) return write.overwrites ? `${write.channel} (Overwrite)` : write.channel
  if ('value' in write) return `${write.channel} (${write.value})`
  if ('message' in write) return `${write.channel} (${write.message})`
  return write.channel
}

export function printStep(step: Step): string {
  const head = `thread ${step.thread}, saver ${step.saver}${printClock(step)}:`
  switch (step.do) {
    case 'run':
      return `${head} ${printRun(step)}`
    case 'update':
      return `${head} updateState${printWithin(step.within)}${printPlace(step.place)} ${printUpdate(step.update)}`
    case 'bulk update': {
      const supersteps = step.supersteps.map((updates) => `[${updates.map(printUpdate).join('; ')}]`)
      return `${head} bulkUpdateState${printPlace(step.place)} ${supersteps.join(' ')}`
    }
    case 'state':
      return `${head} getState${printWithin(step.within)}${printPlace(step.place)}${step.subgraphs ? ' with subgraphs' : ''}`
    case 'history': {
      const { limit, before, filter } = step
      const options = {
        ...(limit === undefined ? {} : { limit }),
        ...(before === undefined ? {} : { before }),
        ...filter,
      }
      return `${head} getStateHistory${printWithin(step.within)} ${JSON.stringify(options)}`
    }
    case 'list':
      return `${head} list${step.unversioned ? ' with channels that have no version' : ''}`
    case 'delete':
      return `${head} deleteThread`
  }
}

function printClock({ clockMs = 0 }: Step): string {
  if (clockMs === 0) return ''
  return `, clock ${Math.abs(clockMs) / 1000} s ${clockMs < 0 ? 'behind' : 'ahead'}`
}

function printRun({ input, place, durability, interruptBefore, stream, stop }: RunStep): string {
  return [
    stream === undefined
      ? 'invoke'
      : `stream ${JSON.stringify(stream.modes)}${stream.subgraphs ? ' with subgraphs' : ''}`,
    printInput(input),
    ...(place === undefined ? [] : [printPlace(place).trim()]),
    ...(durability === undefined ? [] : [`durability ${durability}`]),
    ...(interruptBefore === undefined ? [] : [`interruptBefore ${JSON.stringify(interruptBefore)}`]),
    ...(stop === undefined ? [] : [`broken off in execution ${stop.nth} of ${stop.node}`]),
  ].join(', ')
}

function printInput(input: RunInput): string {
  switch (input.kind) {
    case 'values':
      return `input ${printWrites(input.writes)}`
    case 'go on':
      return 'input null'
    case 'resume':
      return `Command resume ${input.answers}${input.writes.length === 0 ? '' : ` update ${printWrites(input.writes)}`}`
    case 'command':
      return `Command update ${printWrites(input.writes)}${input.goto === undefined ? '' : ` goto ${input.goto}`}`
  }
}

function printWrites(writes: readonly Write[]): string {
  return `{${writes.map(printWrite).join(', ')}}`
}

function printUpdate({ writes, asNode }: Update): string {
  const values = writes === null ? 'null' : printWrites(writes)
  return asNode === undefined ? values : `${values} as ${asNode}`
}

function printWithin(within: 'root' | 'subgraph'): string {
  return within === 'root' ? '' : ' of the first subgraph'
}

function printPlace(place: Place | undefined): string {
  if (place === undefined) return ''
  return ` at checkpoint ${place.nth} of the history (${place.as})`
}
