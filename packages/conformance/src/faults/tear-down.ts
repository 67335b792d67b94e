import type { Socket } from 'node:net'

/**
 * Ends a connection with RST alone. `socket.resetAndDestroy()` sends FIN before it, which the other side takes for an
 * end in good order; it sets the same mark, and then waits for that FIN.
 */
export function tearDown(socket: Socket): void {
  Object.assign(socket, { resetAndClosing: true })
  socket.destroy()
}
