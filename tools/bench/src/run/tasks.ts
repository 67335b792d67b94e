import { CAIRN_ON_REDIS, workloads } from '../workloads/index.js'
import { coldTask } from './cold-task.js'
import type { Task } from './context.js'
import { largeTask } from './large-task.js'
import { tripsTask } from './trips-task.js'
import { turnTask } from './turn-task.js'

const MB = 1e6

/** Everything that can be measured, in the order in which it is. */
export const tasks: readonly Task[] = [
  ...workloads.map(turnTask),
  coldTask({
    id: 'cold-open-400',
    messages: 400,
    turnsPerUpdate: 1,
    quickSavers: CAIRN_ON_REDIS,
    quickSamples: 2,
  }),
  coldTask({
    id: 'cold-open-4000',
    messages: 4000,
    turnsPerUpdate: 50,
    quickSavers: CAIRN_ON_REDIS,
    quickSamples: 1,
  }),
  largeTask({ id: 'large-1mb', bytes: MB, quickSavers: CAIRN_ON_REDIS }),
  largeTask({ id: 'large-5mb', bytes: 5 * MB, quickSavers: CAIRN_ON_REDIS }),
  largeTask({ id: 'large-30mb', bytes: 30 * MB, quickSavers: CAIRN_ON_REDIS }),
  tripsTask,
]
