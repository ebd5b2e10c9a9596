import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { createReceiver, memoryStore, type Outcome, openMail } from '@mailbox-hooks/core'
import { NodeRequest } from '@mailbox-hooks/core/node'
import { afterEach, describe, expect, it } from 'vitest'
import { KEY } from './attack.js'

const LIMIT_BYTES = 1_000_000
const closing: (() => void)[] = []

afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function serve() {
  const outcomes: Outcome[] = []
  const receiver = createReceiver({
    providers: [openMail({ secrets: [KEY] })],
    limitBytes: LIMIT_BYTES,
    store: memoryStore(),
    onOutcome: (outcome) => outcomes.push(outcome),
  })
  const server = createServer(async (request, response) => {
    const { answer } = await receiver.receive(new NodeRequest(request))
    response.writeHead(answer?.status ?? 200, answer?.headers).end(answer?.body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, outcomes }
}

/** A client that goes on whatever it is told. */
function attack(
  port: number,
  headers: readonly string[],
): { socket: Socket; answer: Promise<string>; closed: Promise<unknown> } {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  socket.on('error', () => undefined)
  const closed = once(socket, 'close').catch(() => undefined)
  const answer = new Promise<string>((resolve) => {
    socket.on('data', (chunk) => {
      received += chunk
      resolve(received)
    })
    socket.on('close', () => resolve(received))
  })
  socket.write(['POST /webhooks HTTP/1.1', 'Host: localhost', ...headers, '', ''].join('\r\n'))
  closing.push(() => socket.destroy())
  return { socket, answer, closed }
}

// All that can be had without the secret: the form of a signature, and the time.
const wellFormed = () => [`X-Signature: ${'a'.repeat(64)}`, `X-Timestamp: ${Math.floor(Date.now() / 1000)}`]
const chunk = (bytes: string) => `${bytes.length.toString(16)}\r\n${bytes}\r\n`

async function pour(socket: Socket, piece: string, pieces: number): Promise<void> {
  for (let sent = 0; sent < pieces && socket.writable; sent++) {
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined)
  }
}

describe('an upload', () => {
  it('without an end, of an unknown sender, is refused before its first byte and closed', async () => {
    const { port, outcomes } = await serve()
    const { answer, closed } = attack(port, ['Transfer-Encoding: chunked'])
    expect(await answer).toMatch(/^HTTP\/1.1 401 [\s\S]*connection: close/i)
    await closed
    expect(outcomes).toMatchObject([{ code: 'provider_unknown' }])
  })

  it('without an end, in the right form, is cut off at the limit', async () => {
    const { port, outcomes } = await serve()
    const { socket, answer, closed } = attack(port, [...wellFormed(), 'Transfer-Encoding: chunked'])
    await pour(socket, chunk('x'.repeat(50_000)), 100)
    expect(await answer).toMatch(/^(HTTP\/1.1 413 [\s\S]*connection: close|$)/i)
    await closed
    expect(outcomes).toMatchObject([{ code: 'body_too_large' }])
  })

  it('that announces more than the limit is refused before its first byte', async () => {
    const { port } = await serve()
    const { answer } = attack(port, [...wellFormed(), `Content-Length: ${LIMIT_BYTES + 1}`])
    expect(await answer).toMatch(/^HTTP\/1.1 413 /)
  })

  it('in chunks of one byte is cut off before they cost what no limit bounds', async () => {
    const { port, outcomes } = await serve()
    const before = process.memoryUsage().rss
    let peak = before
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss)
    }, 10)
    const { socket, answer } = attack(port, [...wellFormed(), 'Transfer-Encoding: chunked'])
    await pour(socket, chunk('x').repeat(10_000), 95)
    socket.write('0\r\n\r\n')
    expect(await answer).toBe('')
    clearInterval(watch)
    expect(outcomes).toMatchObject([{ code: 'body_aborted' }])
    // Kept one by one, 950,000 chunks took over 400 MB.
    expect(peak - before).toBeLessThan(200_000_000)
  })

  it('that stalls does not delay others, and claims nothing when it is closed', async () => {
    const { port, outcomes } = await serve()
    const slow = Array.from({ length: 100 }, () => attack(port, [...wellFormed(), 'Content-Length: 1000']))
    for (const { socket } of slow) socket.write('{')
    const { answer } = attack(port, [...wellFormed(), 'Content-Length: 2', '', '{}'])
    expect(await answer).toMatch(/^HTTP\/1.1 401 /)
    for (const { socket } of slow) socket.destroy()
    await expect.poll(() => outcomes.length).toBe(101)
    expect(outcomes.slice(1).map(({ code }) => code)).toEqual(Array(100).fill('body_aborted'))
  })
})

describe('a flood of headers', () => {
  it.each([
    ['of one that is long', [`X-Signature: ${'a'.repeat(20_000)}`]],
    ['of 3,000', Array.from({ length: 3_000 }, (_, index) => `X-${index}: 1`)],
  ])('%s does not get as far as the receiver', async (_what, headers) => {
    const { port, outcomes } = await serve()
    const { answer } = attack(port, [...headers, 'Content-Length: 2', '', '{}'])
    expect(await answer).toMatch(/^HTTP\/1.1 431 /)
    expect(outcomes).toEqual([])
  })

  it('with a signature as long as Node lets it is refused by its form alone', async () => {
    const { port, outcomes } = await serve()
    const { answer } = attack(port, [`X-Signature: ${'a'.repeat(15_000)}`, 'Content-Length: 1000'])
    expect(await answer).toMatch(/^HTTP\/1.1 401 /)
    expect(outcomes).toMatchObject([{ code: 'signature_malformed' }])
  })
})
