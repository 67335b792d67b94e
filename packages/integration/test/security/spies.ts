import { channel, tracingChannel } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { Redis } from 'ioredis'
import { createClient } from 'redis'

/** The tracing channels of both clients; each is five. */
const TRACED = ['command', 'batch', 'connect'] as const

const PUBLISHED = [
  'connection:ready',
  'connection:closed',
  'error',
  'pubsub',
  'command:reply',
  'pool:connection-wait',
] as const

const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const

/** What a tool for traces sees of the commands of both clients, as text. */
export class Spies {
  readonly #seen: string[] = []
  readonly #undo: (() => void)[] = []

  static open(): Spies {
    const spies = new Spies()
    for (const client of ['ioredis', 'node-redis']) {
      for (const name of TRACED) spies.#trace(`${client}:${name}`)
      for (const name of PUBLISHED) spies.#listen(`${client}:${name}`)
    }
    spies.#wrap(Redis.prototype, (command: { readonly name: string; readonly args: unknown[] }) => [
      command.name,
      command.args,
    ])
    spies.#wrap(classOfNodeRedis(), (args: unknown[]) => [String(args[0]), args.slice(1)])
    return spies
  }

  /** All that was seen. */
  close(): readonly string[] {
    for (const undo of this.#undo) undo()
    return this.#seen
  }

  #trace(name: string): void {
    const traced = tracingChannel(name)
    for (const event of EVENTS) this.#listenTo(`${name}:${event}`, traced[event])
  }

  #listen(name: string): void {
    this.#listenTo(name, channel(name))
  }

  #listenTo(name: string, heard: Pick<ReturnType<typeof channel>, 'subscribe' | 'unsubscribe'>): void {
    const onMessage = (payload: unknown): void => {
      this.#seen.push(`${name} ${everyTextOf(payload)}`)
    }
    heard.subscribe(onMessage)
    this.#undo.push(() => heard.unsubscribe(onMessage))
  }

  /** As OpenTelemetry's instrumentations do: `db.statement` is what the arguments of `sendCommand` join to. */
  #wrap(prototype: object, parse: (first: never) => readonly [name: string, args: readonly unknown[]]): void {
    const holder = prototype as { sendCommand: (...args: unknown[]) => unknown }
    const original = holder.sendCommand
    const seen = this.#seen
    holder.sendCommand = function (...args) {
      const [name, rest] = parse(args[0] as never)
      seen.push(`span ${name} ${rest.join(' ')}`, ...rest.map(everyTextOf))
      return original.apply(this, args)
    }
    this.#undo.push(() => {
      holder.sendCommand = original
    })
  }
}

/** The class that all clients of node-redis are of. */
function classOfNodeRedis(): object {
  let prototype: object | null = createClient() as object
  while (prototype !== null && !Object.hasOwn(prototype, 'sendCommand'))
    prototype = Object.getPrototypeOf(prototype) as object | null
  if (prototype === null) throw new Error('A client of node-redis has no sendCommand')
  return prototype
}

/** Everything that can be seen of a value without a debugger. Bytes also as the text that they may be. */
export function everyTextOf(value: unknown): string {
  const texts = [
    inspect(value, {
      depth: 30,
      showHidden: true,
      getters: true,
      maxStringLength: null,
      maxArrayLength: null,
    }),
    String(value),
  ]
  try {
    texts.push(JSON.stringify(value) ?? '')
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
  }
  for (let error = value; error instanceof Error; error = error.cause)
    texts.push(error.message, error.stack ?? '', JSON.stringify(Object.getOwnPropertyDescriptors(error)))
  return texts.join('\n')
}
