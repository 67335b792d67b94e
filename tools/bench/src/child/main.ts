import { setMaxListeners } from 'node:events'
import { CeilingSession } from './ceiling.js'
import { ColdReader, getCold, growThread } from './cold-read.js'
import { type LargeValue, openLargeValue } from './large-value.js'
import type { Answer, ChildMethods, Question } from './protocol.js'
import { type Session, WorkloadSession } from './session.js'
import { meterSockets } from './socket-meter.js'
import { countTrips } from './trips.js'

meterSockets()
// LangGraph listens to one signal once per task of a fan-out; Node's warnings of that are nobody's work to measure.
setMaxListeners(0)

let session: Session | undefined
let reader: ColdReader | undefined
let large: LargeValue | undefined

function current(): Session {
  if (session === undefined) throw new Error('Nothing was prepared')
  return session
}

function currentReader(): ColdReader {
  if (reader === undefined) throw new Error('Nothing was opened')
  return reader
}

function currentLarge(): LargeValue {
  if (large === undefined) throw new Error('Nothing was opened')
  return large
}

const methods: ChildMethods = {
  prepare: async (request) => {
    session = await WorkloadSession.open(request)
  },
  prepareCeiling: async (request) => {
    session = await CeilingSession.open(request)
  },
  run: async () => await current().run(),
  verify: async () => await current().verify(),
  close: async () => {
    const ended = session
    session = undefined
    await ended?.close()
  },
  trips: async ({ contender, places, thread }) => await countTrips(contender, places, thread),
  grow: async (request) => await growThread(request),
  coldOpen: async (request) => {
    reader = await ColdReader.open(request)
  },
  coldFirst: async () => await currentReader().first(),
  coldAgain: async () => await currentReader().again(),
  coldClose: async () => {
    const ended = reader
    reader = undefined
    await ended?.close()
  },
  coldGet: async (request) => await getCold(request),
  largeOpen: async (request) => {
    large = await openLargeValue(request)
  },
  largePut: async () => await currentLarge().put(),
  largeForget: async () => await currentLarge().forget(),
  largeGet: async () => await currentLarge().get(),
  largeClose: async () => {
    const ended = large
    large = undefined
    await ended?.close()
  },
}

async function answer({ id, method, request }: Question): Promise<Answer> {
  try {
    const call: (request: never) => Promise<unknown> = methods[method]
    return { id, result: await call(request as never) }
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

process.on('message', (question: Question) => {
  void answer(question).then((reply) => process.send?.(reply))
})
// The bench is gone: nobody will ask again.
process.on('disconnect', () => process.exit(0))
process.send?.({ id: 0, result: 'ready' } satisfies Answer)
