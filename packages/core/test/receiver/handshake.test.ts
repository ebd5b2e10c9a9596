import { createHmac } from 'node:crypto'
import { createReceiver } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { custom } from '../providers/custom.js'

const SECRET = 'the-secret-of-acme'

/** A provider that makes sure of the address in each way. */
const acme = custom({
  signature: {
    families: [
      { signature: 'a-sig', id: 'a-id' },
      { signature: 'b-sig', id: 'b-id' },
    ],
    secrets: [SECRET],
    readings: [{ content: ['id', { text: '.' }, 'body'] }],
  },
  handshakes: [
    { method: 'POST', query: 'challenge' },
    { field: 'data.echo', when: { 'type.name': 'ping', version: '1' } },
  ],
})

interface Asked {
  readonly method?: string
  readonly url?: string
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly isOpenEnded?: boolean
}

async function answerTo({ method = 'POST', url = '/', headers = {}, body = '', isOpenEnded = false }: Asked) {
  const { answer } = await createReceiver({ providers: [acme], leaseMs: 5_000 }).receive({
    method,
    url,
    header: (name) => headers[name],
    readBody: async () => Buffer.from(body),
    isOpenEnded: () => isOpenEnded,
  })
  return answer === undefined ? 'a delivery' : `${answer.status} ${answer.body}`
}

const REFUSED = '401 {"received":false,"error":"signature_invalid"}'

function signed(payload: object): Asked {
  const body = JSON.stringify(payload)
  const signature = createHmac('sha256', SECRET).update(`1.${body}`).digest('hex')
  return { headers: { 'b-sig': signature, 'b-id': '1' }, body }
}

describe('a question in the query', () => {
  it('is answered with its text, to anybody', async () => {
    expect(await answerTo({ url: '/in?challenge=abc%20~&x=1' })).toBe('200 abc ~')
    expect(await answerTo({ url: `/in?challenge=${'x'.repeat(1_024)}` })).toBe(`200 ${'x'.repeat(1_024)}`)
  })

  it.each<[string, Asked]>([
    ['of another method', { method: 'PUT', url: '/in?challenge=abc' }],
    ['under another name', { url: '/in?challenges=abc' }],
    ['that is there twice', { url: '/in?challenge=abc&challenge=abc' }],
    ['that is empty', { url: '/in?challenge=' }],
    ['of 1,025 characters', { url: `/in?challenge=${'x'.repeat(1_025)}` }],
    ['with a line end', { url: '/in?challenge=a%0Ab' }],
    ['that is no ASCII', { url: '/in?challenge=%C3%A9' }],
    ['with a body', { url: '/in?challenge=abc', headers: { 'content-length': '1' } }],
    ['with a body without an announced end', { url: '/in?challenge=abc', isOpenEnded: true }],
    // Over HTTP/2 a body needs no announced length.
    ['beside the signature of the first family', { url: '/in?challenge=abc', headers: { 'a-sig': 'x' } }],
    ['beside the signature of another family', { url: '/in?challenge=abc', headers: { 'b-sig': 'x' } }],
  ])('is none %s', async (_what, asked) => {
    expect(await answerTo(asked)).not.toMatch(/^200/)
  })

  it('may have a body of no bytes', async () => {
    expect(await answerTo({ url: '/in?challenge=abc', headers: { 'content-length': '0' } })).toBe('200 abc')
  })
})

describe('a question in a signed body', () => {
  const PING = { type: { name: 'ping' }, version: '1', data: { echo: 'abc' } }

  it('is answered with its text', async () => {
    expect(await answerTo(signed(PING))).toBe('200 abc')
  })

  it.each<[string, object]>([
    ['of another type', { ...PING, type: { name: 'pong' } }],
    ['of another version', { ...PING, version: '2' }],
    ['without a text', { ...PING, data: {} }],
    ['with a line end', { ...PING, data: { echo: 'a\nb' } }],
  ])('is a delivery %s', async (_what, payload) => {
    expect(await answerTo(signed(payload))).toBe('a delivery')
  })

  it('is refused without its signature', async () => {
    expect(await answerTo({ ...signed(PING), headers: { 'b-sig': 'ab'.repeat(32), 'b-id': '1' } })).toBe(REFUSED)
  })
})
