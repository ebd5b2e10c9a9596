import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { describe, expect, it, vi } from 'vitest'
import { openInspector } from '../src/index.js'
import { Client, closeLater, fromColdMailReseller, setUp } from './set-up.js'

/** Sends the bytes of a request, and resolves to the bytes of the answer. */
function raw(port: number, lines: readonly string[], body = '', host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`))
    let answer = ''
    socket.setEncoding('utf8')
    socket.on('data', (text) => {
      answer += text
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])

async function open() {
  const inspector = await openInspector({ port: 0, log: () => undefined })
  closeLater(() => inspector.close())
  const { port, hash } = new URL(inspector.url)
  const client = await Client.of(inspector.url)
  const token = hash.slice('#t='.length)
  const get = (path: string, ...headers: string[]) =>
    raw(Number(port), [`GET ${path} HTTP/1.1`, ...headers, 'Connection: close'])
  return { port: Number(port), host: `127.0.0.1:${port}`, session: client.session, token, client, get, inspector }
}

describe('the header Host', () => {
  const WRONG = [
    'Host: evil.example',
    'Host: 127.0.0.1.evil.example:PORT',
    'Host: localhost.evil.example:PORT',
    'Host: evil.example:PORT',
    'Host: 127.0.0.1',
    'Host: localhost',
    'Host: 127.0.0.1:PORT0',
    'Host: [::1]:PORT',
    'Host: 127.0.0.2:PORT',
    'Host: 0.0.0.0:PORT',
    'Host: user@127.0.0.1:PORT',
    'Host: LOCALHOST:PORT',
    'Host:',
  ]

  it.each(WRONG)('refuses %s before every route', async (line) => {
    const { get, port, session } = await open()
    const host = line.replace('PORT', String(port))
    for (const path of ['/', '/index.html', '/api/overview', '/api/rows', '/api/session', '/nothing']) {
      expect(statusOf(await get(path, host, `Authorization: Bearer ${session}`)), path).toBe(403)
    }
  })

  it('refuses a request without it, and one with two', async () => {
    const { get, host, port } = await open()
    expect(statusOf(await raw(port, ['GET / HTTP/1.0']))).toBe(403)
    // Node itself refuses HTTP/1.1 without a Host.
    expect(statusOf(await get('/'))).toBe(400)
    expect(statusOf(await get('/', `Host: ${host}`, 'Host: evil.example'))).toBe(403)
    expect(statusOf(await get('/', `Host: ${host}`, `Host: ${host}`))).toBe(403)
  })

  it('takes 127.0.0.1 and localhost with its port', async () => {
    const { get, host, port } = await open()
    expect(statusOf(await get('/', `Host: ${host}`))).toBe(200)
    expect(statusOf(await get('/', `Host: localhost:${port}`))).toBe(200)
  })

  it('refuses a whole address in place of a path', async () => {
    const { get, host } = await open()
    expect(statusOf(await get(`http://evil.example/api/rows`, `Host: ${host}`))).toBe(400)
  })
})

describe('a session', () => {
  const DATA = ['overview', 'rows', 'stream', 'details/e%3Ax', 'catalog', 'copy/e%3Ax?as=curl', 'nothing']

  it('is needed for every datum, and for no file of the page', async () => {
    const { get, host } = await open()
    for (const path of DATA) expect(statusOf(await get(`/api/${path}`, `Host: ${host}`)), path).toBe(401)
    expect(statusOf(await get('/', `Host: ${host}`))).toBe(200)
    expect(await get('/api/session', `Host: ${host}`)).toContain('{"password":false}')
  })

  it('is needed for writes', async () => {
    const { port, host } = await open()
    for (const path of ['reveal', 'do']) {
      const head = [
        `POST /api/${path} HTTP/1.1`,
        `Host: ${host}`,
        'Content-Type: application/json',
        'Content-Length: 2',
      ]
      expect(statusOf(await raw(port, [...head, 'Connection: close'], '{}')), path).toBe(401)
    }
  })

  it('is no cookie, and no parameter of the address', async () => {
    const { get, host, session } = await open()
    const asked = await get(
      `/api/overview?session=${session}&token=${session}`,
      `Host: ${host}`,
      `Cookie: session=${session}`,
    )
    expect(statusOf(asked)).toBe(401)
    expect(asked.toLowerCase()).not.toContain('set-cookie')
  })

  it('is given once for a link, which is then another one', async () => {
    const { host, token, inspector } = await open()
    const begin = (given: unknown) =>
      fetch(`http://${host}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: given }),
      })
    expect((await begin(token)).status).toBe(401)
    for (const wrong of ['', 'wrong', null, 1, ['a'], { a: 1 }]) expect((await begin(wrong)).status).toBe(401)
    expect(inspector.url).not.toContain(token)
    expect((await begin(new URL(inspector.url).hash.slice(3))).status).toBe(200)
  })

  it('ends with the inspector', async () => {
    const first = await open()
    await first.inspector.close()
    const second = await openInspector({ port: first.port })
    closeLater(() => second.close())
    const answer = await first.get('/api/overview', `Host: ${first.host}`, `Authorization: Bearer ${first.session}`)
    expect(statusOf(answer)).toBe(401)
  })
})

describe('what other pages send', () => {
  it.each([
    'Sec-Fetch-Site: cross-site',
    'Sec-Fetch-Site: same-site',
    'Sec-Fetch-Site: nonsense',
    'Service-Worker: script',
    'Origin: http://evil.example',
    'Origin: null',
    'Origin: https://127.0.0.1',
    'Origin: http://localhost:1',
  ])('is refused by %s', async (line) => {
    const { get, host, session } = await open()
    for (const path of ['/', '/api/overview']) {
      expect(statusOf(await get(path, `Host: ${host}`, line, `Authorization: Bearer ${session}`)), path).toBe(403)
    }
  })

  it('is refused without the type application/json', async () => {
    const { port, host, session } = await open()
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/jsonp',
      '',
    ]) {
      const head = [
        'POST /api/do HTTP/1.1',
        `Host: ${host}`,
        `Authorization: Bearer ${session}`,
        ...(type === '' ? [] : [`Content-Type: ${type}`]),
        'Content-Length: 2',
        'Connection: close',
      ]
      expect(statusOf(await raw(port, head, '{}')), type).toBe(415)
    }
  })

  it.each(['OPTIONS', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'TRACE'])('is refused by the method %s', async (method) => {
    const { port, host } = await open()
    const head = [`${method} /api/rows HTTP/1.1`, `Host: ${host}`, 'Origin: http://evil.example', 'Connection: close']
    const answer = await raw(port, head)
    expect([403, 405]).toContain(statusOf(answer))
    expect(answer.toLowerCase()).not.toContain('access-control')
  })

  it('is too large, and ends the connection', async () => {
    const { port, host, session } = await open()
    const head = [
      'POST /api/do HTTP/1.1',
      `Host: ${host}`,
      `Authorization: Bearer ${session}`,
      'Content-Type: application/json',
    ]
    expect(statusOf(await raw(port, [...head, 'Content-Length: 2000000']))).toBe(413)
    const chunk = `${(700_000).toString(16)}\r\n${'x'.repeat(700_000)}\r\n`
    expect(statusOf(await raw(port, [...head, 'Transfer-Encoding: chunked'], chunk + chunk))).toBe(413)
  })
})

describe('every answer', () => {
  it('is safe against frames, guesses, other hosts and stores', async () => {
    const { get, host, session } = await open()
    const authorized = [`Host: ${host}`, `Authorization: Bearer ${session}`]
    const answers = [
      await get('/', ...authorized),
      await get('/api/overview', ...authorized),
      await get('/api/nothing', ...authorized),
      await get('/', 'Host: evil.example'),
    ]
    for (const answer of answers) {
      const head = answer.split('\r\n\r\n', 1)[0]!.toLowerCase()
      expect(head).toContain("content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'")
      expect(head).toContain("frame-ancestors 'none'")
      expect(head).not.toMatch(/unsafe-|access-control|set-cookie|\*/)
      expect(head).toContain('cross-origin-opener-policy: same-origin')
      expect(head).toContain('cross-origin-resource-policy: same-origin')
      expect(head).toContain('cache-control: no-store')
      expect(head).toContain('x-content-type-options: nosniff')
      expect(head).toContain('referrer-policy: no-referrer')
    }
  })

  it('reads no file that is not of the page', async () => {
    const { get, host, session } = await open()
    for (const path of [
      '/../package.json',
      '/..%2fpackage.json',
      '/%2e%2e/package.json',
      '/assets/../../package.json',
      '//etc/passwd',
    ]) {
      const answer = await get(path, `Host: ${host}`, `Authorization: Bearer ${session}`)
      expect(statusOf(answer), path).toBe(404)
    }
  })

  it('has no secret in it', async () => {
    const { send, client } = await setUp()
    await send(fromColdMailReseller('E1'))
    await send({ ...fromColdMailReseller('E2'), body: '{}' })
    const rows = await client.rows()
    const answers = [await client.overview(), rows, await client.get('catalog')]
    for (const { key } of rows)
      answers.push(await client.detail(key), await client.get(`copy/${encodeURIComponent(key)}?as=vitest`))
    const text = JSON.stringify(answers)
    expect(text.length).toBeGreaterThan(5_000)
    for (const secret of ['cmr-key-of-the-tests', 'inboxkit-key-of-the-tests', 'openmail-key-of-the-tests']) {
      expect(text).not.toContain(secret)
    }
  })
})

describe('where it listens', () => {
  it('is 127.0.0.1 only', async () => {
    const { port, host } = await open()
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((each) => each !== undefined && !each.internal && each.family === 'IPv4')
    for (const address of ['::1', ...others.map((each) => each!.address)]) {
      await expect(raw(port, ['GET / HTTP/1.1', `Host: ${host}`, 'Connection: close'], '', address)).rejects.toThrow()
    }
  })

  it('is another host only with a password, which lets in', async () => {
    await expect(openInspector({ port: 0, host: '0.0.0.0' })).rejects.toThrow(/password/)
    await expect(openInspector({ port: 0, hostNames: ['devbox.local'] })).rejects.toThrow(/password/)
    await expect(openInspector({ port: 0, password: 'short' })).rejects.toThrow(/12/)
    const password = 'correct horse battery staple'
    const inspector = await openInspector({ port: 0, host: '0.0.0.0', hostNames: ['devbox.local'], password })
    closeLater(() => inspector.close())
    const port = Number(new URL(inspector.url).port)
    const begin = (given: string) => {
      const body = JSON.stringify({ password: given })
      const head = ['POST /api/session HTTP/1.1', `Host: devbox.local:${port}`, 'Content-Type: application/json']
      return raw(port, [...head, `Content-Length: ${body.length}`, 'Connection: close'], body)
    }
    expect(statusOf(await begin('wrong password'))).toBe(401)
    expect(statusOf(await begin(password))).toBe(200)
    // The tenth wrong one is the last that is looked at in a minute.
    for (let wrong = 2; wrong <= 10; wrong++) expect(statusOf(await begin('wrong password'))).toBe(401)
    expect(statusOf(await begin(password))).toBe(429)
  })

  it('is nowhere in production, unless that is asked for, with a password', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    closeLater(() => vi.unstubAllEnvs())
    await expect(openInspector({ port: 0 })).rejects.toThrow(/production/)
    await expect(openInspector({ port: 0, allowProduction: true })).rejects.toThrow(/password/)
    const inspector = await openInspector({ port: 0, allowProduction: true, password: 'correct horse battery' })
    closeLater(() => inspector.close())
  })

  it('is a taken port with a sentence', async () => {
    const { port } = await open()
    await expect(openInspector({ port })).rejects.toThrow(`cannot listen on port ${port}`)
  })
})

describe('options', () => {
  it.each([
    [{ prt: 1 }, /there is no option prt/],
    [{ port: 1.5 }, /port/],
    [{ port: 70_000 }, /port/],
    [{ journal: {} }, /journal/],
    [{ target: 'http://example.com/' }, /not this machine|no address/],
    [{ hostNames: ['a b'] }, /hostNames/],
    [{ log: 'x' }, /log/],
  ])('throw for %o', async (options, message) => {
    await expect(openInspector(options as object)).rejects.toThrow(message)
  })
})
