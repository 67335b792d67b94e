import * as net from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { CutFault, DelayFault, Ending, HoldFault, RequestFault } from './fault.js'
import type { FramedReply, Framing } from './framing.js'
import type { Address } from './plan.js'
import { tearDown } from './tear-down.js'

/** A request that was sent and not answered yet. */
interface Exchange {
  readonly fault: RequestFault | undefined
}

/** One connection of a client, and the connection to the server that it stands for. */
export class ProxiedConnection {
  readonly target: Address
  readonly #client: net.Socket
  readonly #server: net.Socket
  readonly #decide: (request: Buffer) => RequestFault | undefined
  readonly #waiting: Exchange[] = []
  /** What goes to the server, and what goes to the client: each in its order, however long one of them is held back. */
  #toServer: Promise<void> = Promise.resolve()
  #toClient: Promise<void> = Promise.resolve()
  /** Set when nothing more may reach the server. */
  #stopped: 'cut' | 'black-hole' | undefined
  /** A cut that waits until what was sent before is answered. */
  #cutWhenAnswered: CutFault | undefined
  /** Whether what is on its way is still passed on. */
  #passes = true

  constructor(
    client: net.Socket,
    target: Address,
    framing: Framing,
    decide: (request: Buffer) => RequestFault | undefined,
  ) {
    this.target = target
    this.#client = client
    this.#decide = decide
    this.#server = net.connect({ host: target.host, port: target.port, noDelay: true, allowHalfOpen: true })
    const splitRequests = framing.requests()
    const splitReplies = framing.replies()
    client.on('data', (chunk: Buffer) => splitRequests(chunk).forEach((request) => this.#take(request)))
    this.#server.on('data', (chunk: Buffer) => splitReplies(chunk).forEach((reply) => this.#answer(reply)))
    // What is held back is still on its way: one side hears that the other has gone when it has everything.
    client.on('end', () => this.#behindRequests(() => void this.#server.end()))
    this.#server.on('end', () => this.#behindReplies(() => void client.end()))
    // An error says no more than the `close` that follows it: one side is gone, so the other is told.
    client.on('error', () => undefined)
    client.on('close', () => this.#behindRequests(() => this.#server.destroySoon()))
    this.#server.on('error', () => undefined)
    this.#server.on('close', (hadError) =>
      this.#behindReplies(() => {
        if (hadError) tearDown(client)
        else client.destroySoon()
      }),
    )
  }

  /** Ends both sides now. */
  end(by: Ending): void {
    this.#passes = false
    this.#stopped = 'cut'
    if (by === 'reset') tearDown(this.#client)
    else this.#client.destroySoon()
    this.#server.destroy()
  }

  /** Nothing passes any more, what is on its way included, and neither side is told. */
  silence(): void {
    this.#passes = false
    this.#stopped = 'black-hole'
    // Who gives up is let go, or the sockets would stay until the proxy is closed.
    this.#client.on('end', () => this.#client.end()).on('close', () => this.#server.destroy())
  }

  #take(request: Buffer): void {
    if (this.#stopped !== undefined) return
    const fault = this.#decide(request)
    switch (fault?.type) {
      case 'black-hole':
        this.#stopped = 'black-hole'
        return
      case 'cut':
        if (fault.at !== 'before-send') return this.#send(request, fault)
        this.#stopped = 'cut'
        this.#cutWhenAnswered = fault
        return this.#cutIfAnswered()
      case 'delay':
      case 'hold':
        if (fault.of === 'request') this.#behindRequests(() => heldBack(fault))
        return this.#send(request, fault)
      case undefined:
        return this.#send(request, undefined)
    }
  }

  #send(request: Buffer, fault: RequestFault | undefined): void {
    this.#waiting.push({ fault })
    this.#behindRequests(() => void this.#server.write(request))
  }

  #answer(reply: FramedReply): void {
    const faults = this.#waiting.splice(0, reply.answers).map(({ fault }) => fault)
    const cut = faults.find((fault) => fault?.type === 'cut')
    if (cut?.at === 'after-send') return this.#behindReplies(() => this.end(cut.by ?? 'close'))
    for (const fault of faults) {
      if (fault?.type !== 'delay' && fault?.type !== 'hold') continue
      if (fault.of === 'reply') this.#behindReplies(() => heldBack(fault))
    }
    // Torn down before it is with the kernel, the reply would go down as well.
    this.#behindReplies(() => new Promise((written) => this.#client.write(reply.bytes, () => written())))
    if (cut !== undefined) this.#behindReplies(() => this.end(cut.by ?? 'close'))
    this.#cutIfAnswered()
  }

  #cutIfAnswered(): void {
    const cut = this.#cutWhenAnswered
    if (cut === undefined || this.#waiting.length > 0) return
    this.#cutWhenAnswered = undefined
    this.#behindReplies(() => this.end(cut.by ?? 'close'))
  }

  #behindRequests(step: () => void | Promise<void>): void {
    this.#toServer = this.#toServer.then(() => (this.#passes ? step() : undefined))
  }

  #behindReplies(step: () => void | Promise<void>): void {
    this.#toClient = this.#toClient.then(() => (this.#passes ? step() : undefined))
  }
}

async function heldBack(fault: DelayFault | HoldFault): Promise<void> {
  if (fault.type === 'delay') return await delay(fault.ms)
  fault.onHeld()
  await fault.until
}
