import { CairnSaver } from '@cairnkit/langgraph'
import { type Lab, RedisReplyError, chooseServer, startLab } from '@cairnkit/redis-lab'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ClientName } from '../src/cells.js'
import { openCell } from '../src/cell-under-test.js'
import { threadConfig } from '../src/graphs.js'
import { knownTo } from '../src/known-to.js'
import { rightsOfReadme } from '../src/rights-of-readme.js'
import { commandsOfPackage, driverAs, refusedTo, resetLog, setUser } from './security/least-rights.js'
import { type Wait, wholeLife } from './security/whole-life.js'

/** What becomes of a client that may not run a command. */
type Without =
  /** Something fails with code `forbidden`. */
  | 'refused'
  /** A slot that moves is out of reach: the client keeps the refusal to itself. */
  | 'stalls'
  /** The client is refused it, and goes on without. */
  | 'tried'
  /** It is not sent here. */
  | 'unused'

function without(command: string, client: ClientName, kind: Lab['kind']): readonly Without[] {
  const inCluster = kind === 'cluster'
  switch (command) {
    case 'select':
      return [inCluster ? 'unused' : 'refused']
    case 'cluster|slots':
      return [inCluster ? 'refused' : 'unused']
    case 'asking':
      return [inCluster ? (client === 'ioredis' ? 'stalls' : 'refused') : 'unused']
    case 'client|setname':
    case 'info':
      return ['tried']
    case 'ping':
      // In a Cluster it keeps idle connections alive, and none is idle for that long here.
      return inCluster ? ['tried', 'unused'] : ['tried']
    default:
      return ['refused']
  }
}

const kinds: readonly Lab['kind'][] = ['standalone', 'standalone-tls', 'sentinel', 'cluster']
const forms = rightsOfReadme()
const [{ commands }] = forms
const user = { username: 'least', password: 'its-password' }

const NO_USERS = 'this storage has no users'
const NOWHERE = { client: 'ioredis', topology: 'standalone' } as const

const cell = await openCell('rights')
afterAll(async () => await cell[Symbol.asyncDispose]())
const { storage } = cell.cell

describe('the rights that the README publishes', () => {
  const { client, topology } = storage.kind === 'redis' ? storage : NOWHERE
  const keyPrefix = 'cairn'
  const ends: (() => Promise<void>)[] = []
  let lab: Lab
  let known: readonly string[]

  beforeEach((context) => {
    if (storage.kind !== 'redis') context.skip(NO_USERS)
  })
  beforeAll(async () => {
    if (storage.kind !== 'redis') return
    lab = await startLab(topology, { appendOnly: true })
    ends.push(async () => await lab.stop())
    known = await knownTo(lab.nodes[0], commands)
  })
  afterAll(async () => {
    for (const end of ends) await end()
  })

  /** Lives with these commands, and says how it went. */
  const live = async (rights: readonly string[]): Promise<{ fault: unknown; refused: readonly string[] }> => {
    await setUser(lab, user, `${keyPrefix}:*`, rights)
    await resetLog(lab)
    await using driver = driverAs(client, lab, user, keyPrefix)
    const waits: readonly Wait[] = known.includes('waitaof') ? ['replicas', 'disks'] : ['replicas']
    const fault = await wholeLife(driver, lab, keyPrefix, { waits, moves: true }).then(
      () => undefined,
      (cause: unknown) => cause,
    )
    return { fault, refused: await refusedTo(lab, user) }
  }

  test('are those of the user that all other tests of this kind of server run as', async (context) => {
    if (lab.kind !== 'standalone-tls') return context.skip('only the lab with TLS has such a user')
    const answer = (await lab.nodes[0].command('ACL', 'GETUSER', lab.username)) as unknown[]
    const rule = String(answer[answer.indexOf('commands') + 1])
    expect(rule.split(' ').toSorted()).toEqual(['-@all', ...known.map((command) => `+${command}`)].toSorted())
  })

  test('name the keys of Cairn, and nothing beside commands and keys', () => {
    for (const { restrictions } of forms) expect(restrictions).toEqual(['~cairn:*', 'resetchannels', '-@all'])
  })

  test('have a form for each server: it is refused by older ones, and leaves nothing out', async () => {
    const server = await chooseServer()
    const version = await server.version()
    // One that plays an older server hides commands, and may know them in rules.
    const hides = server.config.length > 0
    expect(forms.map(({ since }) => since.join('.'))).toEqual(['7.2', '7.0', '6.2'])
    const fitting = forms.filter(({ since }) => version.atLeast(...since))
    const isTaken = async (rights: readonly string[]): Promise<boolean> => {
      try {
        await setUser(lab, { username: 'form', password: 'any' }, `${keyPrefix}:*`, rights)
        return true
      } catch (cause) {
        if (cause instanceof RedisReplyError) return false
        throw cause
      }
    }
    const taken: (typeof forms)[number][] = []
    for (const form of forms) if (await isTaken(form.commands)) taken.push(form)
    expect(taken.filter((form) => !hides || fitting.includes(form))).toEqual(fitting)
    expect(fitting[0]?.commands).toEqual(known)
  })

  test("are all of those that the package's README names, and no more than some topology needs", () => {
    const needed = commands.filter((command) =>
      kinds.some((kind) => !without(command, client, kind).every((outcome) => outcome === 'unused')),
    )
    expect([...new Set(commandsOfPackage(client))].toSorted()).toEqual(needed.toSorted())
  })

  test('are enough: nothing that is ever sent is refused', async () => {
    expect(await live(known)).toEqual({ fault: undefined, refused: [] })
  })

  test.each(commands)('are not too much: without %s', async (command) => {
    const { fault, refused } = await live(known.filter((one) => one !== command))
    const code = (fault as { readonly code?: unknown } | undefined)?.code
    const isRefused = refused.includes(`command: ${command}`)
    const outcome: Without =
      fault === undefined ? (isRefused ? 'tried' : 'unused') : code === 'forbidden' ? 'refused' : 'stalls'
    const expected = known.includes(command) ? without(command, client, lab.kind) : ['unused']
    expect(expected, String(fault)).toContain(outcome)
    expect(isRefused).toBe(outcome !== 'unused')
  })

  test('reach no key with another prefix', async () => {
    await setUser(lab, user, `${keyPrefix}:*`, known)
    for (const prefix of ['cairns', 'other', 'cairn2:cairn']) {
      await using driver = driverAs(client, lab, user, prefix)
      await expect(driver.open()).rejects.toMatchObject({ code: 'forbidden', disposition: 'permanent' })
      const saver = new CairnSaver(driver)
      await expect(saver.getTuple(threadConfig('a'))).rejects.toMatchObject({ code: 'forbidden' })
    }
  })
})
