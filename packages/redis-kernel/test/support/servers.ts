import * as net from 'node:net'
import { once } from 'node:events'
import { Transform } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { callbackify } from 'node:util'

/** A server of the test, on a free port of the loopback. */
export class LocalServer implements AsyncDisposable {
  readonly host = '127.0.0.1'
  readonly #server: net.Server
  readonly #sockets = new Set<net.Socket>()

  private constructor(serve: (socket: net.Socket) => void) {
    this.#server = net.createServer((socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      // The other side may go away at any moment: that is what these tests are about.
      socket.on('error', () => socket.destroy())
      serve(socket)
    })
  }

  static async start(serve: (socket: net.Socket) => void): Promise<LocalServer> {
    const server = new LocalServer(serve)
    server.#server.listen(0, server.host)
    await once(server.#server, 'listening')
    return server
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port
  }

  get connections(): number {
    return this.#sockets.size
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** Accepts, and never says a word. */
export const silentServer = (): Promise<LocalServer> => LocalServer.start((socket) => socket.resume())

/** Answers whatever it hears as a web server does that does not understand. */
export const webServer = (): Promise<LocalServer> =>
  LocalServer.start((socket) => {
    socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'))
  })

/** A port on which nobody listens. */
export async function refusedPort(): Promise<number> {
  await using server = await silentServer()
  return server.port
}

/** A connection to `target` that lives as long as the one before it. What is passed on is for the caller to say. */
function connectionBehind(
  socket: net.Socket,
  target: { readonly host: string; readonly port: number },
): net.Socket {
  const upstream = net.connect(target.port, target.host)
  upstream.on('error', () => socket.destroy())
  upstream.on('close', () => socket.destroy())
  socket.on('close', () => upstream.destroy())
  return upstream
}

/** Passes everything on; once armed, it lets one command through, swallows the reply and cuts the connection. */
export class ReplyThief {
  #armed: string | undefined
  stolen = 0

  steal(command: string): void {
    this.#armed = command
  }

  async before(target: { readonly host: string; readonly port: number }): Promise<LocalServer> {
    return await LocalServer.start((socket) => {
      const upstream = connectionBehind(socket, target)
      let silent = false
      socket.on('data', (chunk) => {
        if (this.#armed !== undefined && chunk.includes(this.#armed)) {
          this.#armed = undefined
          silent = true
        }
        upstream.write(chunk)
      })
      upstream.on('data', (chunk) => {
        if (!silent) return void socket.write(chunk)
        this.stolen++
        socket.destroy()
      })
    })
  }
}

/** Passes everything on; while it holds, those who connect are not answered. */
export class ReplyHolder {
  #holding = false
  readonly #held = new Set<net.Socket>()
  /** What was passed on to those who listen, by connection. */
  readonly #published = new Map<net.Socket, string>()

  hold(): void {
    this.#holding = true
  }

  release(): void {
    this.#holding = false
    for (const upstream of this.#held) upstream.resume()
    this.#held.clear()
  }

  /** Whether all who listen were sent a message of this channel: they have it before anything that is passed on from now. */
  told(channel: string): boolean {
    const texts = [...this.#published.values()]
    // The answer to SUBSCRIBE names the channel too, and a number follows it there.
    return texts.length > 0 && texts.every((text) => text.includes(`${channel}\r\n$`))
  }

  async before(target: { readonly host: string; readonly port: number }): Promise<LocalServer> {
    return await LocalServer.start((socket) => {
      const upstream = connectionBehind(socket, target)
      socket.on('close', () => this.#published.delete(upstream))
      socket.pipe(upstream).pipe(socket)
      if (this.#holding) {
        upstream.pause()
        this.#held.add(upstream)
        return
      }
      upstream.on('data', (chunk: Buffer) => {
        const text = (this.#published.get(upstream) ?? '') + chunk.toString('latin1')
        if (text.includes('subscribe')) this.#published.set(upstream, text)
      })
    })
  }
}

/** One address that leads to the server that is the primary, as a Service of Kubernetes, a proxy or a managed endpoint does. */
export class Endpoint {
  /** Where new connections lead; those that stand stay where they are. */
  target: { readonly host: string; readonly port: number }

  constructor(target: { readonly host: string; readonly port: number }) {
    this.target = target
  }

  async start(): Promise<LocalServer> {
    return await LocalServer.start((socket) => {
      const upstream = connectionBehind(socket, this.target)
      socket.pipe(upstream).pipe(socket)
    })
  }
}

/** Passes everything on; the first answer on a connection takes its time, as over a slow link or through a slow proxy. */
export async function slowServer(
  target: { readonly host: string; readonly port: number },
  firstAnswerMs: number,
): Promise<LocalServer> {
  return await LocalServer.start((socket) => {
    const upstream = connectionBehind(socket, target)
    socket.pipe(upstream)
    upstream.once('data', (chunk) => {
      upstream.pause()
      setTimeout(() => {
        socket.write(chunk)
        upstream.pipe(socket)
      }, firstAnswerMs)
    })
  })
}

/** Passes requests on at once, and answers piece by piece, as a slow link does. */
export class SlowLink {
  /** How large a piece is. */
  pieceBytes = 8192
  /** How long a piece takes; 0: answers pass at once as well. */
  pieceMs = 0
  /** How many bytes of answers have passed. */
  passed = 0
  /** How many connections it was asked for. */
  accepted = 0
  readonly #sockets = new Set<net.Socket>()
  #mayPass = Promise.resolve()

  /** Lets nothing pass any more; the connections stay open. */
  stop(): void {
    this.#mayPass = new Promise(() => {})
  }

  /** Lets pass what comes from now on. What was held back stays so. */
  resume(): void {
    this.#mayPass = Promise.resolve()
  }

  /** Ends the connections that stand. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async before(target: { readonly host: string; readonly port: number }): Promise<LocalServer> {
    return await LocalServer.start((socket) => {
      this.accepted++
      this.#sockets.add(socket)
      const upstream = connectionBehind(socket, target)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.pipe(upstream).pipe(this.#slowly()).pipe(socket)
    })
  }

  #slowly(): Transform {
    const pieces = async (answers: Buffer, pass: (piece: Buffer) => void): Promise<void> => {
      for (let at = 0; at < answers.length;) {
        const size = this.pieceMs === 0 ? answers.length : this.pieceBytes
        if (this.pieceMs > 0) await delay(this.pieceMs)
        await this.#mayPass
        const piece = answers.subarray(at, at + size)
        this.passed += piece.length
        pass(piece)
        at += size
      }
    }
    const slow = new Transform({
      transform: callbackify(async (answers: Buffer, _encoding: BufferEncoding): Promise<void> => {
        await pieces(answers, (piece) => slow.push(piece))
      }),
    })
    return slow
  }
}

/** Passes everything on, until it forgets the connections that stand: they stay open, and nothing comes through. */
export class ForgetfulNetwork {
  readonly #standing = new Set<() => void>()
  readonly #forgotten = new Set<net.Socket>()
  /** How many connections it was ever asked for. */
  accepted = 0

  /** How many connections it passes on. */
  get standing(): number {
    return this.#standing.size
  }

  /** How many of those that it has forgotten the client still takes for sound. */
  get forgotten(): number {
    return this.#forgotten.size
  }

  forget(): void {
    for (const forget of this.#standing) forget()
    this.#standing.clear()
  }

  async before(target: { readonly host: string; readonly port: number }): Promise<LocalServer> {
    return await LocalServer.start((socket) => {
      this.accepted++
      const upstream = net.connect(target.port, target.host)
      const forget = (): void => {
        upstream.off('close', end)
        socket.unpipe(upstream).resume()
        upstream.unpipe(socket).resume()
        this.#forgotten.add(socket)
      }
      const end = (): void => {
        this.#standing.delete(forget)
        this.#forgotten.delete(socket)
        socket.destroy()
        upstream.destroy()
      }
      upstream.on('error', () => upstream.destroy())
      upstream.on('close', end)
      socket.on('close', end)
      socket.pipe(upstream).pipe(socket)
      this.#standing.add(forget)
    })
  }
}
