import { Command, interrupt } from '@langchain/langgraph'
import type { FunctionNode } from '../plan/graph-plan.js'
import { digestOf } from './digest.js'
import type { Executions } from './executions.js'
import { type State, addWrite } from './values.js'

/** What LangGraph hands to a node beside the state, as far as a program uses it. */
export interface NodeConfig {
  readonly configurable?: Readonly<Record<string, unknown>>
  readonly signal?: AbortSignal
  readonly writer?: (chunk: unknown) => void
  readonly executionInfo?: { readonly nodeAttempt: number }
}

/** A compiled graph that a function invokes. */
export interface Callable {
  invoke(input: State): Promise<unknown>
}

export interface NodeSurroundings {
  readonly executions: Executions
  /** The nodes that it goes on to by a Command; `undefined` where edges lead on. */
  readonly gotos: readonly string[] | undefined
  /** The subgraphs that its acts call, in their order. */
  readonly callables: readonly Callable[]
}

/**
 * What a node does. All that it returns depends on what it was given and on how often it ran: not on time, not on chance,
 * not on what runs beside it.
 */
export function nodeBody(
  node: FunctionNode,
  { executions, gotos, callables }: NodeSurroundings,
): (state: State, config: NodeConfig) => Promise<unknown> {
  return async (state, config) => {
    const digest = digestOf(state)
    using execution = await executions.enter(node, config, digest)
    const by = `${node.name} ${digest}`
    const update: State = { log: [by] }
    let leaves: { readonly goto?: string } | undefined
    let called = 0
    for (const act of node.acts) {
      switch (act.act) {
        case 'write':
          addWrite(update, act.write, by, state)
          break
        case 'change': {
          await execution.turn()
          const changed = changeInPlace(state[act.channel], by)
          if (act.returned && changed !== undefined) update[act.channel] = changed
          break
        }
        case 'ask':
          for (let at = 0; at < act.times; at++) {
            const answer: unknown = interrupt({ from: by, question: at })
            addEntry(update, `${node.name} heard ${String(answer)}`)
          }
          break
        case 'fail':
          if (execution.nth <= act.times) {
            await execution.turn()
            execution.fails()
            throw new Error(`${node.name} fails (${execution.nth})`)
          }
          break
        case 'call': {
          const callable = callables[called]
          called += 1
          if (callable === undefined) throw new Error(`${node.name} calls a subgraph that was not built`)
          for (let at = 0; at < act.times; at++) {
            const input = { log: [`${by} calls ${at}`] }
            const got = await execution.aside(async () => await callable.invoke(input))
            addEntry(update, `${node.name} got ${digestOf(got)}`)
          }
          break
        }
        case 'tell':
          config.writer?.({ told: by })
          break
        case 'leave':
          leaves = act
          break
      }
    }
    if (leaves !== undefined) {
      return new Command({ graph: Command.PARENT, update: { log: [`${by} leaves`] }, ...gotoOf(leaves.goto) })
    }
    return gotos === undefined ? update : new Command({ update, goto: [...gotos] })
  }
}

/** The entry that a node leaves when its error handler takes its place. */
export function rescueOf(node: FunctionNode): (state: State) => State {
  return (state) => ({ log: [`${node.name} rescued ${digestOf(state)}`] })
}

function gotoOf(name: string | undefined): { goto?: string } {
  return name === undefined ? {} : { goto: name }
}

function addEntry(update: State, entry: string): void {
  const { log } = update
  if (Array.isArray(log)) update['log'] = [...(log as unknown[]), entry]
}

function changeInPlace(value: unknown, by: string): unknown {
  if (Array.isArray(value)) {
    value.push(`changed by ${by}`)
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  Object.assign(value, { changed: by })
  return value
}
