import type { RunnableConfig } from '@langchain/core/runnables'
import type { StateSnapshot } from '@langchain/langgraph'
import type { CheckpointTuple } from '@langchain/langgraph-checkpoint'
import type { CallConfig } from '../graph/compiled-graph.js'
import { updateOf } from '../graph/values.js'
import type { Place, Step, Update, Within } from '../plan/step.js'
import { groupsOf, inOrderOf, textOf } from './ordering.js'
import { plain } from './plain.js'
import { runGraph } from './run-graph.js'
import type { Stage } from './side.js'

/** Carries out one step. Resolves to what it gives, as plain data. */
export async function runStep(stage: Stage, step: Step, nth: number): Promise<unknown> {
  const { graph, saver, threadId } = stage
  const by = `step${nth + 1} of ${step.thread}`
  switch (step.do) {
    case 'run':
      return await runGraph(stage, step, await configAt(stage, step.place), by)
    case 'update': {
      const config = await configWithin(stage, step.within, step.place)
      const values = await valuesOf(stage, config, step.update, by)
      return plain(await graph.updateState(config, values, step.update.asNode))
    }
    case 'bulk update': {
      const config = await configAt(stage, step.place)
      const supersteps: object[] = []
      for (const [at, updates] of step.supersteps.entries()) {
        const named = updates.map(async (update, position) => ({
          values: await valuesOf(stage, config, update, `${by} ${at}.${position}`),
          ...(update.asNode === undefined ? {} : { asNode: update.asNode }),
        }))
        supersteps.push({ updates: await Promise.all(named) })
      }
      return plain(await graph.bulkUpdateState(config, supersteps))
    }
    case 'state': {
      const config = await configWithin(stage, step.within, step.place)
      return plain(await graph.getState(config, { subgraphs: step.subgraphs }))
    }
    case 'history': {
      const config = await configWithin(stage, step.within, undefined)
      const before =
        step.before === undefined ? undefined : await configAt(stage, { nth: step.before, as: 'address' })
      return plain(
        await historyOf(stage, config, {
          ...(step.limit === undefined ? {} : { limit: step.limit }),
          ...(before === undefined ? {} : { before }),
          ...(step.filter === undefined ? {} : { filter: step.filter }),
        }),
      )
    }
    case 'list':
      return await listed(stage, step.unversioned)
    case 'delete':
      return plain(await saver.deleteThread(threadId))
  }
}

function latest(threadId: string): CallConfig {
  return { configurable: { thread_id: threadId } }
}

/** The config of a place in the history of the thread; that of the thread alone while it has none. */
async function configAt(stage: Stage, place: Place | undefined): Promise<CallConfig> {
  const whole = latest(stage.threadId)
  if (place === undefined) return whole
  const history = await historyOf(stage, whole, { limit: place.nth + 1 })
  const snapshot = history[place.nth % Math.max(1, history.length)]
  if (snapshot === undefined) return whole
  if (place.as === 'snapshot') return { configurable: { ...snapshot.config.configurable } }
  const id: unknown = snapshot.config.configurable?.['checkpoint_id']
  const bare = { thread_id: stage.threadId, checkpoint_id: id }
  return { configurable: place.as === 'address' ? { ...bare, checkpoint_ns: '' } : bare }
}

/** The config of the root, or of the first subgraph that has a state there. */
async function configWithin(stage: Stage, within: Within, place: Place | undefined): Promise<CallConfig> {
  const config = await configAt(stage, place)
  if (within === 'root') return config
  const { tasks } = await stage.graph.getState(config, { subgraphs: true })
  const states = tasks.flatMap(({ state }) => (state === undefined ? [] : [state]))
  const [first] = states.map((state: StateSnapshot | RunnableConfig) =>
    'config' in state ? state.config : state,
  )
  return first === undefined ? config : { configurable: { ...(first as RunnableConfig).configurable } }
}

/** The values of an update; what is there already matters to those that replace or remove something. */
async function valuesOf(stage: Stage, config: CallConfig, update: Update, by: string): Promise<unknown> {
  if (update.writes === null) return null
  const needsState = update.writes.some(
    (write) => 'message' in write && (write.message === 'replace' || write.message === 'remove'),
  )
  const state = needsState ? ((await stage.graph.getState(config)).values as Record<string, unknown>) : {}
  return updateOf(update.writes, by, state)
}

async function historyOf(stage: Stage, config: CallConfig, options: object): Promise<StateSnapshot[]> {
  const history: StateSnapshot[] = []
  for await (const snapshot of stage.graph.getStateHistory(config, options)) history.push(snapshot)
  return history
}

/**
 * All checkpoints of the thread, newest first in each namespace. The order of namespaces, which every saver has as it
 * likes, is that of what they hold; those that hold the same are in the order of time.
 */
async function listed({ saver, threadId, names }: Stage, unversioned: boolean): Promise<unknown> {
  const tuples: CheckpointTuple[] = []
  for await (const tuple of saver.list(latest(threadId))) tuples.push(tuple)
  const newestFirst = inOrderOf(tuples, ({ checkpoint }) => checkpoint.id).toReversed()
  const groups = groupsOf(newestFirst, ({ config }) => String(config.configurable?.['checkpoint_ns'] ?? ''))
  const previewOf = (value: unknown): string => names.preview(textOf(value))
  const plainGroups = groups.map((group) =>
    group.map((tuple) => {
      const { writes, ...rest } = plainTuple(tuple, unversioned)
      return { ...rest, writes: inOrderOf(writes, previewOf) }
    }),
  )
  return inOrderOf(plainGroups, previewOf)
}

/**
 * The writes of a task are in order. The tasks are ordered by their paths and then by their ids, which are made by chance;
 * so they are told apart by what they wrote.
 */
function plainTuple(tuple: CheckpointTuple, unversioned: boolean): { readonly writes: readonly unknown[] } {
  const { channel_values: values, ...checkpoint } = tuple.checkpoint
  const shown = Object.entries(values).filter(
    ([channel]) => unversioned || checkpoint.channel_versions[channel] !== undefined,
  )
  const held = plain({
    config: tuple.config,
    parent: tuple.parentConfig,
    metadata: tuple.metadata,
    checkpoint: { ...checkpoint, channel_values: Object.fromEntries(shown) },
  })
  const writes = groupsOf(tuple.pendingWrites ?? [], ([taskId]) => taskId).map(plain)
  return { ...(held as object), writes }
}
