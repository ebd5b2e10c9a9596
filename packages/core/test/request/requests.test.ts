import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { isBodyHeader, NodeRequest, wasAlreadyRefused } from '@mailbox-hooks/core/node'
import { WebRequest } from '@mailbox-hooks/core/web'
import { describe, expect, it } from 'vitest'
import { drainLimits } from '../../src/request/draining.js'

interface Given {
  readonly headers?: Record<string, string | string[]>
  readonly chunks?: readonly (string | Uint8Array)[]
  readonly more?: object
}

/** A request of Node's server, without a server. */
function nodeRequest({ headers = {}, chunks = [], more = {} }: Given = {}): IncomingMessage {
  const stream = new PassThrough()
  for (const chunk of chunks) stream.write(chunk)
  stream.end()
  return Object.assign(stream, { method: 'POST', url: '/in?a=1', headers, rawHeaders: [], ...more }) as never
}

const codeOf = (reading: Promise<unknown>) =>
  reading.then(
    () => 'read',
    ({ code }: { code?: string }) => code,
  )

describe('a request of Node', () => {
  it('has its method, its URL and its headers by lower-case names, those of one name joined', () => {
    const request = new NodeRequest(nodeRequest({ headers: { 'x-a': '1', 'set-cookie': ['b', 'c'] } }))
    expect([request.method, request.url]).toEqual(['POST', '/in?a=1'])
    expect([request.header('x-a'), request.header('set-cookie'), request.header('x-b')]).toEqual([
      '1',
      'b, c',
      undefined,
    ])
    expect(request.headers()).toEqual({ 'x-a': '1', 'set-cookie': 'b, c' })
    expect(new NodeRequest(nodeRequest({ more: { method: undefined } })).method).toBe('')
  })

  it('is the original, unless a framework has its own', () => {
    const [raw, own] = [nodeRequest(), { own: true }]
    expect(new NodeRequest(raw).original).toBe(raw)
    expect(new NodeRequest(raw, own).original).toBe(own)
  })

  it.each<[string, object, unknown, object]>([
    ['nothing of its socket', {}, undefined, { url: '/in?a=1', rawHeaders: [], local: undefined }],
    [
      'the socket that took it',
      { rawHeaders: ['X-A', '1'], socket: { localAddress: '::1', localPort: 80 } },
      undefined,
      { url: '/in?a=1', rawHeaders: ['X-A', '1'], local: { address: '::1', port: 80, isEncrypted: false } },
    ],
    [
      'the encrypted socket that took it',
      { socket: { localAddress: '::1', localPort: 443, encrypted: true } },
      undefined,
      { local: { address: '::1', port: 443, isEncrypted: true } },
    ],
    ['a socket without a port', { socket: { localAddress: '/tmp/socket' } }, undefined, { local: undefined }],
    ['a socket without an address', { socket: { localPort: 80 } }, undefined, { local: undefined }],
    ['a URL that a router has cut', {}, { originalUrl: '/hooks/in?a=1' }, { url: '/hooks/in?a=1' }],
  ])('tells a journal %s', (_what, more, original, head) => {
    expect(new NodeRequest(nodeRequest({ more }), original).rawHead()).toMatchObject(head)
  })

  it.each([
    [{ 'transfer-encoding': 'chunked' }, true],
    [{ 'content-length': '7' }, false],
    [{}, false],
  ])('with the headers %o has a body without an announced end: %o', (headers, expected) => {
    expect(new NodeRequest(nodeRequest({ headers })).isOpenEnded()).toBe(expected)
  })

  const read = (given: Given, limit = 10) => codeOf(new NodeRequest(nodeRequest(given)).readBody(limit))
  const chunked = { 'transfer-encoding': 'chunked' }

  it.each<[string, Given, string]>([
    ['as long as announced', { headers: { 'content-length': '5' }, chunks: ['12', '345'] }, 'read'],
    ['as long as the limit', { headers: chunked, chunks: ['12345', '67890'] }, 'read'],
    ['longer than the limit', { headers: chunked, chunks: ['12345', '678901'] }, 'body_too_large'],
    ['announced to be longer than the limit', { headers: { 'content-length': '11' }, chunks: ['1'] }, 'body_too_large'],
    ['shorter than announced', { headers: { 'content-length': '5' }, chunks: ['1234'] }, 'body_aborted'],
    ['longer than announced', { headers: { 'content-length': '3' }, chunks: ['1234'] }, 'body_aborted'],
    ['read by another reader', { more: { readableDidRead: true } }, 'body_already_read'],
    ['read to its end by another reader', { more: { readableEnded: true } }, 'body_already_read'],
  ])('that is %s', async (_what, given, code) => {
    const { more = {}, ...rest } = given
    const request = nodeRequest(rest)
    for (const [name, value] of Object.entries(more)) Object.defineProperty(request, name, { value })
    expect(await codeOf(new NodeRequest(request).readBody(10))).toBe(code)
  })

  it('is refused whose stream yields texts', async () => {
    const request = nodeRequest({ headers: chunked, chunks: ['1'] })
    request.setEncoding('utf8')
    expect(await codeOf(new NodeRequest(request).readBody(10))).toBe('body_already_read')
  })

  it('is cut off where its sender has gone', async () => {
    const stream = Object.assign(new PassThrough(), { method: 'POST', url: '/', headers: chunked, rawHeaders: [] })
    const reading = codeOf(new NodeRequest(stream as never).readBody(10))
    stream.destroy(new Error('planted'))
    expect(await reading).toBe('body_aborted')
  })

  // A chunk of one byte takes a hundred bytes of memory until the last one has come.
  it.each([
    ['without an announced length', () => chunked],
    ['of an announced length', (count: number) => ({ 'content-length': String(count) })],
  ])('%s is cut off after 20,000 pieces, and not after as many as that', async (_what, headersOf) => {
    const pieces = (count: number) => ({ headers: headersOf(count), chunks: Array(count).fill('x') })
    expect(await read(pieces(20_000), 100_000)).toBe('read')
    expect(await read(pieces(20_001), 100_000)).toBe('body_aborted')
  })

  it('that a parser has kept is taken if it is as long as announced', async () => {
    const kept = (length: string) => {
      const request = nodeRequest({ headers: { 'content-length': length }, more: { rawBody: Buffer.from('12345') } })
      Object.defineProperty(request, 'readableDidRead', { value: true })
      return codeOf(new NodeRequest(request).readBody(5))
    }
    expect([await kept('5'), await kept('6')]).toEqual(['read', 'body_aborted'])
  })

  it('is drained beside its answer', async () => {
    expect(await new NodeRequest(nodeRequest()).drainBody(10)).toBe(true)
  })
})

describe('a request of fetch', () => {
  const url = 'http://localhost/in?a=1'
  const post = (init: RequestInit = {}) => new Request(url, { method: 'POST', ...init, duplex: 'half' } as RequestInit)
  const stream = (...chunks: string[]) => ReadableStream.from(chunks.map((chunk) => Buffer.from(chunk)))

  it('has its method, its URL, its headers, and itself as the original', () => {
    const given = post({ headers: { 'X-A': '1' } })
    const request = new WebRequest(given)
    expect([request.method, request.url, request.header('x-a'), request.header('x-b')]).toEqual([
      'POST',
      url,
      '1',
      undefined,
    ])
    expect(request.headers()).toEqual({ 'x-a': '1' })
    expect(request.original).toBe(given)
  })

  it.each<[string, RequestInit, boolean]>([
    ['no body', {}, false],
    ['a body of an announced length', { body: stream('1'), headers: { 'content-length': '1' } }, false],
    ['a body of an unknown length', { body: stream('1') }, true],
  ])('with %s has a body without an announced end: %o', (_what, init, expected) => {
    expect(new WebRequest(post(init)).isOpenEnded()).toBe(expected)
  })

  it.each<[string, RequestInit, string]>([
    ['as long as the limit', { body: stream('12345', '67890') }, 'read'],
    ['longer than the limit', { body: stream('12345', '678901') }, 'body_too_large'],
    ['shorter than announced', { body: stream('1234'), headers: { 'content-length': '5' } }, 'body_aborted'],
    ['announced in a way that is no number', { body: stream('1'), headers: { 'content-length': '5x' } }, 'read'],
    ['announced in another such way', { body: stream('1'), headers: { 'content-length': 'x5' } }, 'read'],
    ['one byte shorter', { body: stream('123456789'), headers: { 'content-length': '10' } }, 'body_aborted'],
    ['not there', {}, 'read'],
    ['not there, although it was announced', { headers: { 'content-length': '5' } }, 'body_aborted'],
  ])('whose body is %s', async (_what, init, code) => {
    expect(await codeOf(new WebRequest(post(init)).readBody(10))).toBe(code)
  })

  it('is refused that another reader has read, or is reading', async () => {
    const used = post({ body: '1' })
    await used.text()
    const locked = post({ body: '1' })
    locked.body?.getReader()
    for (const request of [used, locked]) {
      expect(await codeOf(new WebRequest(request).readBody(10))).toBe('body_already_read')
    }
  })

  it('is drained before its answer', async () => {
    const request = post({ body: stream('1', '2') })
    expect(await new WebRequest(request).drainBody(10)).toBe(true)
    expect(request.bodyUsed).toBe(true)
  })

  it('is cut off where its stream breaks, and its body is free for whoever discards the rest', async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('planted')) })
    expect(await codeOf(new WebRequest(post({ body })).readBody(10))).toBe('body_aborted')
    const large = post({ body: stream('12345678901', 'x') })
    await codeOf(new WebRequest(large).readBody(10))
    expect(large.body?.locked).toBe(false)
  })
})

describe('a refused body', () => {
  it('is drained somewhat further than the limit, and not for ever', () => {
    expect(drainLimits(5)).toEqual({ bytes: 2_000_005, totalMs: 10_000, idleMs: 2_000 })
  })
})

describe('a response of Node', () => {
  it.each([
    ['content-type', true],
    ['content-length', true],
    ['content-encoding', true],
    ['content-security-policy', false],
    ['content-security-policy-report-only', false],
    ['x-content-type-options', false],
    ['etag', false],
  ])('has with %s a header of its body: %o', (name, expected) => {
    expect(isBodyHeader(name)).toBe(expected)
  })

  it.each([
    [true, 400, true],
    [true, 503, true],
    [true, 399, false],
    [true, 200, false],
    [false, 503, false],
  ])('that has ended (%o) with %i is a refusal: %o', (writableEnded, statusCode, expected) => {
    expect(wasAlreadyRefused({ writableEnded, statusCode } as never)).toBe(expected)
  })
})
