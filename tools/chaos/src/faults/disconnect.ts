import { setTimeout as sleep } from 'node:timers/promises'
import { type Fault, outageCodes } from './fault.js'

const TIMES = 3

export const disconnect: Fault = {
  title: 'every server ends all connections of clients (CLIENT KILL TYPE normal), three times',
  topologies: ['standalone', 'sentinel', 'cluster'],
  byDefault: true,
  rightCodes: outageCodes,
  mayLose: () => false,
  async inject({ lab }) {
    for (let time = 0; time < TIMES; time++) {
      await Promise.all(lab.nodes.map((node) => node.command('CLIENT', 'KILL', 'TYPE', 'normal')))
      await sleep(300)
    }
    return 'every server'
  },
}
