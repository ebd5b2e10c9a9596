import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { graph } from '../graph.js'
import { nylas } from '../nylas.js'
import { slack } from '../slack.js'
import { deliver, SECONDS } from './receiving.js'

const secrets = ['test-signing-secret']

const TEXT = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }

const signedBySlack = (body: string) => ({
  headers: {
    'x-slack-request-timestamp': String(SECONDS),
    'x-slack-signature': `v0=${createHmac('sha256', 'test-signing-secret').update(`v0:${SECONDS}:${body}`).digest('hex')}`,
  },
  body,
})

describe('a handshake', () => {
  it('of Nylas is answered on GET, with the bare text', async () => {
    const received = await deliver(nylas({ secrets }), {
      method: 'GET',
      url: '/webhooks?challenge=bc609b38-c81f%20+%2Bx',
      headers: {},
      body: '',
    })
    expect(received).toMatchObject({ status: 200, body: 'bc609b38-c81f  +x', headers: TEXT, deliveries: [] })
    expect(received.outcome).toMatchObject({ kind: 'handshake', status: 200, provider: 'nylas' })
  })

  it('of Graph is answered on POST, decoded', async () => {
    const received = await deliver(graph({ secrets }), {
      url: 'https://example.com/webhooks?validationToken=Validation%3A%20Testing%20client%20%3Cb%3E',
      headers: { 'content-type': 'text/plain', 'content-length': '0' },
      body: '',
    })
    expect(received).toMatchObject({
      status: 200,
      body: 'Validation: Testing client <b>',
      headers: TEXT,
      deliveries: [],
    })
  })

  it('of Slack is answered when it is signed, again and again, and never otherwise', async () => {
    const body =
      '{"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","token":"x"}'
    const provider = slack({ secrets })
    for (let round = 0; round < 2; round++) {
      const received = await deliver(provider, signedBySlack(body))
      expect(received).toMatchObject({ status: 200, deliveries: [], headers: TEXT })
      expect(received.body).toBe('3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P')
      expect(received.outcome).toMatchObject({ kind: 'handshake', provider: 'slack' })
    }
    const { headers } = signedBySlack('{}')
    expect(await deliver(provider, { headers, body })).toMatchObject({ status: 401 })
    expect(await deliver(provider, { headers: {}, body })).toMatchObject({ status: 401 })
  })

  it.each<[string, string, string, Record<string, string>]>([
    ['on another method', 'PUT', '/webhooks?challenge=x', {}],
    ['with POST where it is asked by GET', 'POST', '/webhooks?challenge=x', {}],
    ['twice', 'GET', '/webhooks?challenge=x&challenge=y', {}],
    ['for nothing', 'GET', '/webhooks?challenge=', {}],
    ['under another name', 'GET', '/webhooks?Challenge=x', {}],
    ['without a query', 'GET', '/webhooks', {}],
    ['for more than a kilobyte', 'GET', `/webhooks?challenge=${'x'.repeat(1025)}`, {}],
    ['for a line end', 'GET', '/webhooks?challenge=a%0d%0aSet-Cookie:%20a', {}],
    ['for what is no ASCII', 'GET', '/webhooks?challenge=%C3%A9', {}],
    ['with a body', 'GET', '/webhooks?challenge=x', { 'content-length': '2' }],
  ])('is not answered %s', async (_how, method, url, headers) => {
    const { status, body } = await deliver(nylas({ secrets }), { method, url, headers, body: '' })
    expect([401, 405]).toContain(status)
    expect(body).not.toContain('x-')
  })

  it('in the query of a delivery does not swallow the delivery', async () => {
    const body = '{"value":[{"id":"1","changeType":"created","clientState":"test-signing-secret"}]}'
    const headers = { 'content-length': String(body.length) }
    const received = await deliver(graph({ secrets }), { url: '/?validationToken=x', headers, body })
    expect(received).toMatchObject({ status: 200, deliveries: [{ id: 'graph:1' }] })
  })
})
