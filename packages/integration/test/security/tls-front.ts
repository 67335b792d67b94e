import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type AddressInfo, type Socket, connect } from 'node:net'
import { type Server, createServer } from 'node:tls'
import type { CertificateFiles, LabNode } from '@cairnkit/redis-lab'

/** Speaks TLS in front of servers that do not, each behind a port of its own. */
export class TlsFront implements AsyncDisposable {
  readonly #servers: readonly Server[]
  readonly #sockets: Set<Socket>
  /** What each connection asked for by name (SNI); `undefined` for one that named nothing. */
  readonly names: readonly (string | undefined)[]
  /** From the address of a server, as servers announce it, to that of its front. */
  readonly addressMap: Readonly<Record<string, { readonly host: string; readonly port: number }>>

  static async open(nodes: readonly LabNode[], files: CertificateFiles): Promise<TlsFront> {
    const [key, cert] = await Promise.all([readFile(files.keyFile), readFile(files.certificateFile)])
    const sockets = new Set<Socket>()
    const names: (string | undefined)[] = []
    const opened = await Promise.all(
      nodes.map(async ({ port }) => {
        const server = createServer({ key, cert }, (front) => {
          names.push(serverNameOf(front))
          const back = connect({ host: '127.0.0.1', port })
          for (const socket of [front, back]) {
            sockets.add(socket)
            // A connection that breaks ends on both sides, and that is all there is to it.
            socket.on('error', () => undefined)
            socket.on('close', () => {
              sockets.delete(socket)
              front.destroy()
              back.destroy()
            })
          }
          front.pipe(back).pipe(front)
        })
        server.listen(0, '127.0.0.1')
        await once(server, 'listening')
        return { announced: `127.0.0.1:${port}`, server }
      }),
    )
    const addressOf = (server: Server): { host: string; port: number } => ({
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
    })
    return new TlsFront(
      opened.map(({ server }) => server),
      sockets,
      names,
      Object.fromEntries(opened.map(({ announced, server }) => [announced, addressOf(server)])),
    )
  }

  private constructor(
    servers: readonly Server[],
    sockets: Set<Socket>,
    names: TlsFront['names'],
    addressMap: TlsFront['addressMap'],
  ) {
    this.#servers = servers
    this.#sockets = sockets
    this.names = names
    this.addressMap = addressMap
  }

  /** Where the front of a server is. */
  of({ port }: LabNode): { readonly host: string; readonly port: number } {
    const found = this.addressMap[`127.0.0.1:${port}`]
    if (found === undefined) throw new Error(`There is no front for port ${port}`)
    return found
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(
      this.#servers.map(async (server) => {
        const closed = once(server, 'close')
        server.close()
        await closed
      }),
    )
  }
}

function serverNameOf(front: object): string | undefined {
  const { servername } = front as { readonly servername?: string | false }
  return servername === false ? undefined : servername
}
