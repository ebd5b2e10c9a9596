import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { titled } from '../../../testing/src/titled.js'
import { drainNodeBody } from '../../src/request/drain-node-body.js'

const ANSWER = 'refused'
/** A process buffers this much of a connection beyond what it has read: a chunk from the system, one in the stream. */
const BUFFERED_BYTES = 200_000

interface Refusing {
  /** The server's side of each connection. */
  readonly sockets: Socket[]
  open(head: readonly string[]): { readonly socket: Socket; received(): string }
  /** Resolves when the server has closed the only connection. */
  readonly closed: Promise<void>
}

/** A server that refuses every request at once, within these limits. */
async function refusing(limits: Partial<Parameters<typeof drainNodeBody>[1]>): Promise<Refusing> {
  const sockets: Socket[] = []
  let close = () => {}
  const closed = new Promise<void>((resolve) => {
    close = resolve
  })
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (!sockets.includes(request.socket)) sockets.push(request.socket.once('close', close))
    drainNodeBody(request, { bytes: 1_000_000, totalMs: 60_000, idleMs: 60_000, ...limits })
    response.end(ANSWER)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // It listens on a port, not on a pipe.
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const open = (head: readonly string[]) => {
    // A client that goes on whatever it is told.
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    onTestFinished(() => void socket.destroy())
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes
    })
    // Being cut off is what the test is about.
    socket.on('error', () => undefined)
    socket.write(['POST / HTTP/1.1', 'Host: localhost', ...head, '', ''].join('\r\n'))
    return { socket, received: () => text }
  }
  return { sockets, open, closed }
}

/** Sends until nobody takes it any more. */
async function pour(socket: Socket, piece: Uint8Array): Promise<void> {
  while (socket.writable) {
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined)
  }
}

it('keeps a connection whose body comes in time, and puts its socket back as it was', async () => {
  const { open, sockets } = await refusing({})
  const { socket, received } = open(['Content-Length: 300000'])
  socket.write(Buffer.alloc(300_000))
  await expect.poll(received).toContain(ANSWER)
  socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n')
  await expect.poll(() => received().split(ANSWER)).toHaveLength(3)
  expect(sockets).toHaveLength(1)
  expect(Object.hasOwn(sockets[0]!, 'destroySoon')).toBe(false)
})

it('closes its side of a connection at once that is not kept, and the rest when the body has come', async () => {
  const { open, sockets, closed } = await refusing({})
  const { socket, received } = open(['Content-Length: 10', 'Connection: close'])
  await once(socket, 'end')
  expect(received()).toContain(ANSWER)
  expect(sockets[0]?.destroyed).toBe(false)
  socket.end(Buffer.alloc(10))
  await closed
})

it.each([
  ['Content-Length: 1000', 'Connection: keep-alive'],
  ['Transfer-Encoding: chunked', 'Connection: close'],
])('cuts a connection on which nothing comes: %s %s', async (...head) => {
  const { open, closed } = await refusing({ idleMs: 50 })
  const { received } = open(head)
  await closed
  expect(received()).toContain(ANSWER)
})

it.each([
  ['Content-Length: 1000000', 'Connection: keep-alive'],
  ['Content-Length: 1000000', 'Connection: close'],
])('cuts a connection on which a byte comes from time to time: %s %s', async (...head) => {
  const { open, sockets, closed } = await refusing({ idleMs: 1_000, totalMs: 300 })
  const { socket, received } = open(head)
  const drip = setInterval(() => socket.write('x'), 20)
  await closed
  clearInterval(drip)
  expect(received()).toContain(ANSWER)
  expect(sockets[0]?.bytesRead).toBeLessThan(1_000)
})

it.each(
  titled(
    [
      { head: ['Content-Length: 100000000'], piece: Buffer.alloc(100_000) },
      { head: ['Content-Length: 100000000', 'Connection: close'], piece: Buffer.alloc(100_000) },
      {
        head: ['Transfer-Encoding: chunked', 'Connection: close'],
        piece: Buffer.from(`186a0\r\n${'x'.repeat(100_000)}\r\n`),
      },
    ],
    'head',
  ),
)('reads no more than it may of a body that goes on, and cuts it: %s', async ({ head, piece }) => {
  const { open, sockets, closed } = await refusing({ bytes: 500_000, idleMs: 100 })
  const { socket, received } = open(head)
  const before = process.memoryUsage().arrayBuffers
  await pour(socket, piece)
  await closed
  expect(received()).toContain(ANSWER)
  expect(sockets[0]?.bytesRead).toBeLessThan(500_000 + BUFFERED_BYTES)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000)
})

it('leaves requests alone that have come whole', async () => {
  const { open, sockets } = await refusing({ idleMs: 50, totalMs: 50 })
  const { socket, received } = open(['Content-Length: 2', '', '{}'])
  await expect.poll(received).toContain(ANSWER)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(socket.closed || sockets[0]?.destroyed).toBe(false)
})

it.each<[string, object, number]>([
  ['is read that has not come whole', {}, 1],
  ['is left alone that has come whole', { complete: true }, 0],
  ['is left alone whose connection is gone', { destroyed: true }, 0],
  ['is left alone of HTTP/2', { httpVersionMajor: 2 }, 0],
  ['is left alone without a socket', { socket: undefined }, 0],
  ["is left alone whose socket is none of Node's", { socket: {} }, 0],
])('a request %s', (_what, changes, times) => {
  let resumed = 0
  const listening = { on: () => undefined, once: (_name: string, end: () => void) => setImmediate(end) }
  const state = { complete: false, destroyed: false, httpVersionMajor: 1, socket: { destroySoon() {}, destroy() {} } }
  const request = { ...listening, ...state, resume: () => (resumed += 1), ...changes }
  drainNodeBody(request as never, { bytes: 1, totalMs: 60_000, idleMs: 60_000 })
  expect(resumed).toBe(times)
})
