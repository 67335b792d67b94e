import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault.js'

const TIMES = 3

export const flush: Fault = {
  title: 'every server forgets its scripts (SCRIPT FLUSH), three times',
  topologies: ['standalone', 'sentinel', 'cluster'],
  byDefault: true,
  rightCodes: [],
  mayLose: () => false,
  async inject({ lab }) {
    for (let time = 0; time < TIMES; time++) {
      await Promise.all(lab.nodes.map((node) => node.command('SCRIPT', 'FLUSH')))
      await sleep(200)
    }
    return 'every server'
  },
}
