import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { signedDelivery } from '@mailbox-hooks/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type ListenerOptions, openListener, type PassedExchange } from '../src/index.js'
import { Client, closeLater, SECRETS } from './set-up.js'

afterEach(() => vi.unstubAllEnvs())

interface Seen {
  readonly url: string | undefined
  readonly method: string | undefined
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

/** An application that uses no package of ours, behind the listener. */
async function setUp(
  answer: (seen: Seen) => { status: number; headers?: string[]; body?: string | Buffer } = () => ({
    status: 200,
    body: 'fine',
  }),
  options: Partial<ListenerOptions> = {},
) {
  const seen: Seen[] = []
  const server = createServer(async (message: IncomingMessage, response) => {
    const each = {
      url: message.url,
      method: message.method,
      rawHeaders: message.rawHeaders,
      body: await buffer(message),
    }
    seen.push(each)
    const { status, headers = [], body = '' } = answer(each)
    response.writeHead(status, headers).end(body)
  })
  const to = await started(server)
  const passed: PassedExchange[] = []
  const listener = await openListener({
    to: `${to}/hooks`,
    port: 0,
    inspector: { port: 0, log: () => undefined },
    onExchange: (exchange) => passed.push(exchange),
    ...options,
  })
  closeLater(() => listener.close())
  const client = listener.inspector && (await Client.of(listener.inspector.url))
  return { seen, passed, listener, client: client!, port: Number(new URL(listener.url).port), to }
}

async function started(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closeLater(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Sends bytes, and resolves to the bytes of the answer. */
function raw(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}

const openMail = () => signedDelivery('openmail', 'message.received', { secret: SECRETS.openMail })

const deliver = (url: string, { headers, body }: { headers: Record<string, string>; body: string }) =>
  fetch(url, { method: 'POST', headers, body })

describe('what goes on', () => {
  it('are the exact bytes and headers, Host too, without those of the connection', async () => {
    const { seen, port } = await setUp()
    const body = Buffer.from([0xff, 0x00, 0x7b, 0x0d, 0x0a])
    const head = [
      'POST /anything?a=1&b=%20 HTTP/1.1',
      'Host: tunnel.example',
      'X-Mixed-CASE: one',
      'x-twice: 1',
      'X-Twice: 2',
      'Connection: close, X-Of-This-Hop',
      'X-Of-This-Hop: 1',
      'Keep-Alive: timeout=5',
      'TE: trailers',
      'Proxy-Authorization: Basic abc',
      'Authorization: Bearer of-the-app',
      `Content-Length: ${body.length}`,
    ]
    await raw(port, Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]))
    expect(seen[0]?.body).toEqual(body)
    expect(seen[0]?.url).toBe('/hooks?a=1&b=%20')
    const passed = seen[0]!.rawHeaders.filter((_, at, all) => all[at - (at % 2)] !== 'Connection')
    expect(passed).toEqual([
      ...['Host', 'tunnel.example', 'X-Mixed-CASE', 'one', 'x-twice', '1', 'X-Twice', '2'],
      ...['Authorization', 'Bearer of-the-app', 'Content-Length', '5'],
    ])
  })

  it('is a chunked body with its length, and no upgrade', async () => {
    const { seen, port } = await setUp()
    const head = ['POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked', 'Connection: close']
    await raw(port, `${head.join('\r\n')}\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`)
    expect(seen[0]?.body.toString()).toBe('abcde')
    expect(seen[0]?.rawHeaders.join(' ').toLowerCase()).not.toContain('transfer-encoding')
    await raw(port, 'GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n')
    expect(seen[1]?.rawHeaders.join(' ').toLowerCase()).not.toContain('upgrade')
  })

  it('keeps the path where the target has none', async () => {
    const { to } = await setUp()
    const { seen, listener } = await setUp(undefined, { to })
    await fetch(`${listener.url}/a/b?c=d`)
    expect(seen).toHaveLength(0)
    const own = await setUp()
    const bare = await openListener({ to: own.to, port: 0, inspector: false })
    closeLater(() => bare.close())
    await fetch(`${bare.url}/a/b?c=d`)
    expect(own.seen[0]?.url).toBe('/a/b?c=d')
  })

  it('goes to loopback addresses only', async () => {
    await expect(openListener({ to: 'http://example.com/' })).rejects.toThrow(/not this machine|no address/)
    await expect(openListener({ to: 'nothing' })).rejects.toThrow(/http address/)
  })
})

describe('the answer', () => {
  it('comes back as it is', async () => {
    const body = Buffer.from([1, 2, 3, 0xff])
    const headers = ['X-Own', 'a', 'x-own', 'b', 'Set-Cookie', 'c=d', 'Content-Type', 'x/y']
    const { port } = await setUp(() => ({ status: 418, headers, body }))
    const answer = await raw(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 418 /)
    expect(answer).toContain('X-Own: a\r\nx-own: b\r\nSet-Cookie: c=d\r\nContent-Type: x/y')
    expect(answer.endsWith(`\r\n\r\n${body.toString('latin1')}`)).toBe(true)
  })

  it('is 502 where the application is down, and the row says that there was none', async () => {
    const { listener, client } = await setUp(undefined, { to: 'http://127.0.0.1:1/' })
    const { headers, body } = openMail()
    expect((await deliver(listener.url, { headers, body })).status).toBe(502)
    expect(await client.rows()).toMatchObject([{ state: 'failed', status: 0, type: 'message.received' }])
  })

  it('is played in its place: 500, and then the application again', async () => {
    const { listener, client, seen } = await setUp(undefined, { answer: '500' })
    const sent = openMail()
    expect((await deliver(listener.url, sent)).status).toBe(500)
    expect(seen).toHaveLength(0)
    expect((await client.overview()).listens).toBe(true)
    expect((await client.act({ what: 'answer', answer: 'application' })).status).toBe(200)
    expect((await deliver(listener.url, sent)).status).toBe(200)
    expect(await client.rows()).toMatchObject([{ state: 'handled', attempts: 2 }])
  })

  it('is played in its place: never', async () => {
    const { listener, client } = await setUp(undefined, { answer: 'never' })
    const { headers, body } = openMail()
    const left = new AbortController()
    const answer = fetch(listener.url, { method: 'POST', headers, body, signal: left.signal })
    await vi.waitFor(async () => expect(await client.rows()).toHaveLength(1))
    left.abort()
    await expect(answer).rejects.toThrow()
    await vi.waitFor(async () => expect(await client.rows()).toMatchObject([{ state: 'failed', status: 0 }]))
  })
})

describe('the page', () => {
  it('shows request and answer of an application that uses no package of ours', async () => {
    const { listener, client } = await setUp(() => ({
      status: 202,
      headers: ['content-type', 'text/plain'],
      body: 'thanks',
    }))
    await deliver(`${listener.url}/x`, openMail())
    const [row] = await client.rows()
    expect(row).toMatchObject({
      provider: 'openmail',
      type: 'message.received',
      state: 'handled',
      about: 'ada@example.com',
    })
    const { attempts, trust } = await client.detail(row!.key)
    // Without a secret nothing is proven.
    expect(trust).toBeUndefined()
    expect(attempts[0]).toMatchObject({ status: 202, answer: { status: 202, body: 'thanks' } })
    expect(attempts[0]!.steps!.map(({ name }) => name)).toEqual(['arrived', 'recognized', 'handler', 'answered'])
  })

  it('verifies and diagnoses with the secrets in the environment', async () => {
    vi.stubEnv('OPENMAIL_WEBHOOK_SECRET', SECRETS.openMail)
    const { listener, client, passed } = await setUp(({ body }) => ({ status: body.length > 500 ? 200 : 401 }))
    const { headers, body } = openMail()
    await deliver(listener.url, { headers, body })
    await deliver(listener.url, { headers, body: '{}' })
    await deliver(listener.url, { headers, body: JSON.stringify(JSON.parse(body), null, 1).replaceAll(/\n */g, '') })
    const rows = await client.rows()
    // The application took it although its signature is wrong.
    expect(rows.find(({ state }) => state === 'handled')).toMatchObject({ attempts: 2 })
    expect(rows).toHaveLength(2)
    const refused = rows.find(({ state }) => state === 'refused')!
    expect(refused).toMatchObject({ code: 'signature_invalid', status: 401 })
    expect((await client.detail(refused.key)).diagnosis?.advice).toBeDefined()
    const verified = rows.find(({ id }) => id.startsWith('openmail:evt'))!
    expect((await client.detail(verified.key)).attempts[0]).toMatchObject({ reading: 'timestamp.body/hex' })
    expect(passed.map(({ isVerified, code }) => [isVerified, code])).toEqual([
      [true, undefined],
      [false, 'signature_invalid'],
      [false, 'signature_invalid'],
    ])
  })

  it('shows what nobody sends, too', async () => {
    const { listener, client } = await setUp(({ method }) => ({ status: method === 'GET' ? 200 : 404 }))
    await fetch(`${listener.url}/health`)
    await fetch(`${listener.url}/form`, { method: 'POST', body: 'a=b' })
    expect(await client.rows()).toMatchObject([
      { state: 'refused', code: 'provider_unknown', status: 404 },
      { state: 'handled', provider: 'other', type: 'GET /health' },
    ])
  })

  it('replays through the listener', async () => {
    const { listener, client, seen } = await setUp()
    await deliver(listener.url, openMail())
    const [row] = await client.rows()
    const { body } = await client.act({ what: 'replay', key: row!.key })
    expect(body.results).toMatchObject([{ status: 200, body: 'fine' }])
    expect(seen).toHaveLength(2)
    expect(seen[1]!.body).toEqual(seen[0]!.body)
    expect(await client.rows()).toMatchObject([{ attempts: 2 }])
  })
})

it('says that a port is taken', async () => {
  const { port, to } = await setUp()
  await expect(openListener({ to, port, inspector: false })).rejects.toThrow(`Port ${port} is taken`)
})

it('answers a request that is too large without passing it on', async () => {
  const { seen, port } = await setUp()
  const status = await new Promise<number>((resolve, reject) => {
    const sent = request({ port, method: 'POST', host: '127.0.0.1' }, (response) => resolve(response.statusCode ?? 0))
    sent.on('error', reject)
    sent.end(Buffer.alloc(26_000_000))
  })
  expect(status).toBe(413)
  expect(seen).toEqual([])
})
