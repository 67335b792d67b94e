import { type Caller, call } from './calls.js'

/** Names a connection for CLIENT LIST. The option of node-redis would fail the connection where that is not allowed. */
export function setName(client: Caller, name: string): void {
  if (name === '') return
  // It serves those who look at the server, and whatever it fails with is no reason to do without the connection.
  call(client, ['CLIENT', 'SETNAME', name]).catch(() => undefined)
}
