import { once } from 'node:events'
import * as net from 'node:net'
import type { RestartOptions } from './lab.js'
import type { NodeControl } from './node-control.js'

interface ControlRequest {
  readonly action: keyof NodeControl
  readonly node: string
  readonly options?: RestartOptions
}

type ControlAnswer = { readonly ok: true } | { readonly ok: false; readonly message: string }

/** The owner's end: carries out what other processes of this machine ask. One request per connection. */
export async function serveControl(path: string, control: NodeControl): Promise<{ close(): void }> {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    // A caller that died while it waited has nobody left to tell.
    socket.on('error', () => socket.destroy())
    void answer(socket, control).then((reply) => socket.end(JSON.stringify(reply)))
  })
  server.listen(path)
  await once(server, 'listening')
  server.unref()
  return { close: () => void server.close() }
}

/** The other end: the same control in a process that did not start the lab. */
export function remoteControl(path: string): NodeControl {
  return {
    kill: (node) => ask(path, { action: 'kill', node }),
    pause: (node) => ask(path, { action: 'pause', node }),
    resume: (node) => ask(path, { action: 'resume', node }),
    restart: (node, options = {}) => ask(path, { action: 'restart', node, options }),
    cut: (node) => ask(path, { action: 'cut', node }),
    mend: (node) => ask(path, { action: 'mend', node }),
  }
}

async function answer(socket: net.Socket, control: NodeControl): Promise<ControlAnswer> {
  try {
    const request = JSON.parse(await readAll(socket)) as ControlRequest
    await control[request.action](request.node, request.options)
    return { ok: true }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}

async function ask(path: string, request: ControlRequest): Promise<void> {
  const socket = net.connect(path)
  let reply: string
  try {
    socket.end(JSON.stringify(request))
    reply = await readAll(socket)
  } catch (cause) {
    throw new Error('The process that started this lab does not answer: was the lab stopped?', { cause })
  }
  const answered = JSON.parse(reply) as ControlAnswer
  if (!answered.ok) throw new Error(answered.message)
}

/** Until the other side has said all; unlike the stream consumers it leaves our own side open for the answer. */
async function readAll(socket: net.Socket): Promise<string> {
  let received = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk))
  await once(socket, 'end')
  return received
}
