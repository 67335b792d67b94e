import { describe, expect, it } from 'vitest'
import { ConnectionLog } from '../src/connections/index.js'

const refused = new Error('WRONGPASS invalid username-password pair or user is disabled.')
const unknownName = Object.assign(new Error('getaddrinfo ENOTFOUND cache'), {
  code: 'ENOTFOUND',
  syscall: 'getaddrinfo',
})
const unknownPrimary = new Error('No such master: nobody; they know somebody')
const noServer = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:1'), {
  code: 'ECONNREFUSED',
  syscall: 'connect',
})

describe('a login that a server refuses', () => {
  it.each([
    ['fixed', 'permanent'],
    ['asked', 'transient'],
    ['asked again', 'permanent'],
  ] as const)('that is %s is %s', (login, disposition) => {
    const log = new ConnectionLog(undefined, { login })
    log.note(refused)
    expect(log.fault('Cannot connect')).toMatchObject({ code: 'auth', disposition })
  })

  it('is asked for anew when the one before was taken', () => {
    const log = new ConnectionLog(undefined, { login: 'asked again' })
    log.opened()
    log.note(refused)
    expect(log.fault('Not connected')).toMatchObject({ code: 'auth', disposition: 'transient' })
  })
})

describe.each([
  ['host', unknownName],
  ['primary', unknownPrimary],
])('the name of a %s that nobody knows', (_, cause) => {
  const fault = (log: ConnectionLog): unknown => {
    log.note(cause)
    return log.fault('Cannot connect')
  }

  it('is wrong where nobody was ever found by it', () => {
    expect(fault(new ConnectionLog())).toMatchObject({ code: 'unavailable', disposition: 'permanent' })
  })

  it('may come back where somebody was', () => {
    const transient = { code: 'unavailable', disposition: 'transient' }
    expect(fault(new ConnectionLog(undefined, { isKnown: true }))).toMatchObject(transient)
    const log = new ConnectionLog()
    log.opened()
    expect(fault(log)).toMatchObject(transient)
  })
})

describe('a server that others have named', () => {
  it('is told of with its address, and with how to name another one where it is out of reach', () => {
    const log = new ConnectionLog()
    log.noteAt('10.0.0.1:1', noServer, 'the Sentinels')
    expect(log.fault('Cannot connect').message).toBe(
      'Cannot connect: connect ECONNREFUSED 10.0.0.1:1; this server was named by the Sentinels: if another address leads to it from here, set that in addressMap',
    )
    const reached = new ConnectionLog()
    reached.noteAt('10.0.0.1:1', new Error('it is a replica'), 'the Sentinels')
    expect(reached.fault('Cannot connect').message).toBe('Cannot connect: 10.0.0.1:1: it is a replica')
  })
})
