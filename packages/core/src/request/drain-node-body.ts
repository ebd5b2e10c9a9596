import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { DrainLimits } from './draining.js'

/**
 * Reads what is left of the body of a refused request and throws it away, within limits, while the answer goes out.
 *
 * If the answer closes the connection, its sending side is closed at once, and the rest when the body has come: closed
 * with unread bytes, a connection is reset, and the client loses the answer that it has not read yet (RFC 9112, 9.6).
 * A connection that is to be kept stays open. Beyond the limits it is cut either way.
 */
export function drainNodeBody(request: IncomingMessage, { bytes, totalMs, idleMs }: DrainLimits): void {
  const { socket } = request
  // A request without a connection of its own: of HTTP/2, of a serverless host, of a test.
  if (
    request.complete ||
    request.destroyed ||
    request.httpVersionMajor > 1 ||
    typeof socket?.destroySoon !== 'function'
  )
    return
  let left = bytes
  const cut = () => socket.destroy()
  const total = setTimeout(cut, totalMs)
  const idle = setTimeout(cut, idleMs)
  const resumeClosing = holdClose(socket)
  // Not the first listener's end: `close` comes after it, and instead of it when the connection broke.
  request.once('close', () => {
    clearTimeout(total)
    clearTimeout(idle)
    resumeClosing()
  })
  request.on('data', ({ length }: { length: number }) => {
    left -= length
    idle.refresh()
    // What is not read holds the sender up until its time is over. It may read the answer meanwhile.
    if (left < 0) request.pause()
  })
  request.resume()
}

/** Lets a socket close its sending side alone, until the function that it returns is called. */
function holdClose(socket: Socket): () => void {
  let isClosing = false
  const closeSendingSide = () => {
    isClosing = true
    socket.end()
  }
  // Node's server calls it at the end of an answer after which the connection is not kept.
  socket.destroySoon = closeSendingSide
  return () => {
    // The class's own stands behind it; before it, perhaps, that of a request which came in the same packet.
    if (socket.destroySoon === closeSendingSide) Reflect.deleteProperty(socket, 'destroySoon')
    if (isClosing) socket.destroySoon()
  }
}
