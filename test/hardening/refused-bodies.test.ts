import { once } from 'node:events'
import type { Socket } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { connectTo, headOf } from '../../packages/testing/src/adapter-suite/raw-connection.js'
import { titled } from '../../packages/testing/src/titled.js'
import { FRAMEWORKS } from '../servers/frameworks.js'

/** limitBytes, and 2 MB above it; and what both systems keep of a connection on its way. */
const READ_BYTES = 7_000_000
const BUFFERED_BYTES = 20_000_000
const PIECE = Buffer.alloc(100_000, 'x')
const CHUNK = Buffer.concat([Buffer.from('186a0\r\n'), PIECE, Buffer.from('\r\n')])

/** Sends until the connection is closed, however often it is told to stop. Resolves to the number of bytes. */
async function pour(socket: Socket, piece: Uint8Array): Promise<number> {
  while (!socket.destroyed) {
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined)
  }
  return socket.bytesWritten
}

describe.concurrent.each(titled(FRAMEWORKS, 'name'))('a body that %s refuses', ({ start }) => {
  let url: string
  beforeAll(async () => {
    const receiver = await start()
    url = receiver.url
    return () => receiver.close()
  })

  const attack = (headers: Record<string, string | number>) => {
    const connection = connectTo(url)
    connection.socket.write(headOf(url, headers))
    connection.socket.resume()
    return connection
  }

  it.each(
    titled(
      [
        { what: 'without an end', headers: { 'transfer-encoding': 'chunked' }, piece: CHUNK },
        { what: 'of a terabyte', headers: { 'content-length': 1e12 }, piece: PIECE },
      ],
      'what',
    ),
  )('and that is %s is read up to a limit, and kept nowhere', { timeout: 60_000 }, async ({ headers, piece }) => {
    const before = process.memoryUsage().rss
    const connections = Array.from({ length: 10 }, () => attack(headers))
    const sent = await Promise.all(connections.map(({ socket }) => pour(socket, piece)))
    for (const bytes of sent) expect(bytes).toBeLessThan(READ_BYTES + BUFFERED_BYTES)
    expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000)
  })

  it('and that comes in a byte a tenth of a second holds its connection for some seconds', {
    timeout: 60_000,
  }, async () => {
    const began = performance.now()
    const { socket, answers } = attack({ 'content-length': 4_000_000 })
    const closed = once(socket, 'close').catch(() => undefined)
    const drip = setInterval(() => socket.write('x'), 100)
    expect(await answers(1)).toContain(' 401 ')
    await closed
    clearInterval(drip)
    expect(performance.now() - began).toBeLessThan(30_000)
  })
})
