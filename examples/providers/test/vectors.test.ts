import { webcrypto } from 'node:crypto'
import { sign as signByOctokit } from '@octokit/webhooks-methods'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { github } from '../github.js'
import { mailgun } from '../mailgun.js'
import { nylas } from '../nylas.js'
import { sendGrid } from '../sendgrid.js'
import { slack } from '../slack.js'
import { stripe } from '../stripe.js'
import { unipileV2 } from '../unipile.js'
import { zapmail } from '../zapmail.js'
import { deliver, SECONDS } from './receiving.js'
import type { Sent } from './senders.js'

// Computed once with another program, over fixed bodies at a fixed time.
const secrets = ['test-signing-secret']
const BODY = '{"id":"evt_1","type":"test"}'
const STRIPE_LIKE = '6cbb8b4c26d23fc0a619a54cf7f2153753a8affbb38ddb9e713ad8b42452e4a6'

const MAILGUN = {
  timestamp: '1780000000',
  token: 'a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3f4a5',
  signature: '9b2ddc4b3d5ed932659ded71c7638ac3c98e3eb41c999fdee5c5c5b89066cf8f',
}

const SENDGRID_KEY =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEUVw9brnjlrkE0/7Kf1T9zQzB6Ze/N13KUVrQpsO0A19FNr46UPMY+/mlR1kCoiFQK+8NV+CMU7LMClbxfZ+TVA=='
const SENDGRID: Sent = {
  headers: {
    'x-twilio-email-event-webhook-timestamp': '1780000000',
    'x-twilio-email-event-webhook-signature':
      'MEUCIAnnfEOOSn4TcN3gM2B8f5CQW9PdmjDvZ86pVaCsYCa9AiEA05whDAv1ouiRWOkWYRlHGurlmF5DXLyrmZkb7vMhQhw=',
  },
  body: '[{"email":"ada@example.org","event":"delivered","sg_event_id":"ZXZ0XzE","timestamp":1780000000}]\r\n',
}

describe('fixed requests', () => {
  it.each([
    ['Nylas', nylas, 'x-nylas-signature', 'bd8a5a35cfbc1216f5bf928d18e5814b05bcb69d1efd4117f2cb67b88f6a22af'],
    ['Unipile', unipileV2, 'unipile-signature', `t=1780000000,v0=${STRIPE_LIKE}`],
    ['Zapmail', zapmail, 'x-zapmail-signature', `t=1780000000,v1=${STRIPE_LIKE}`],
    ['Stripe', stripe, 'stripe-signature', `t=1780000000,v1=${STRIPE_LIKE}`],
    [
      'Stripe, while a secret is rolled',
      stripe,
      'stripe-signature',
      `t=1780000000,v1=${'ab'.repeat(32)},v1=${STRIPE_LIKE},v0=x`,
    ],
  ] as const)('of %s', async (_sender, create, header, signature) => {
    expect(await deliver(create({ secrets }), { headers: { [header]: signature }, body: BODY })).toMatchObject({
      status: 200,
    })
  })

  it('of Slack', async () => {
    const headers = {
      'x-slack-request-timestamp': '1780000000',
      'x-slack-signature': 'v0=3641b180780f345f7e1d6d8c508a2a6fe8dded8e06252f49b7584b553d64c65e',
    }
    expect(await deliver(slack({ secrets }), { headers, body: BODY })).toMatchObject({ status: 200 })
  })

  it('of Mailgun, with the time as a text or as a number', async () => {
    for (const timestamp of ['1780000000', 1_780_000_000]) {
      const body = JSON.stringify({ signature: { ...MAILGUN, timestamp }, 'event-data': { id: '1', event: 'opened' } })
      expect(await deliver(mailgun({ secrets }), { headers: {}, body })).toMatchObject({ status: 200 })
    }
  })

  it('of SendGrid, with the key as base64, in PEM and as bytes', async () => {
    const pem = `-----BEGIN PUBLIC KEY-----\n${SENDGRID_KEY}\n-----END PUBLIC KEY-----\n`
    for (const secret of [SENDGRID_KEY, pem]) {
      expect(await deliver(sendGrid({ secrets: [secret] }), SENDGRID)).toMatchObject({ status: 200 })
    }
    const cut = { ...SENDGRID, body: SENDGRID.body.trim() }
    expect(await deliver(sendGrid({ secrets: [SENDGRID_KEY] }), cut)).toMatchObject({ status: 401 })
  })

  it('of SendGrid, whose other valid signature names no other event', async () => {
    const provider = sendGrid({ secrets: [SENDGRID_KEY] })
    const header = 'x-twilio-email-event-webhook-signature'
    const other = { ...SENDGRID, headers: { ...SENDGRID.headers, [header]: mirrored(SENDGRID.headers[header] ?? '') } }
    const ids = []
    for (const sent of [SENDGRID, other]) ids.push(...(await deliver(provider, sent)).deliveries.map(({ id }) => id))
    expect(ids).toEqual(['sendgrid:ZXZ0XzE', 'sendgrid:ZXZ0XzE'])
  })
})

/** A signature by ECDSA is (r, s), and (r, n - s) is one as well. */
function mirrored(signature: string): string {
  const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const der = Buffer.from(signature, 'base64')
  const rLength = der[3] ?? 0
  const r = der.subarray(2, 4 + rLength)
  const s = BigInt(`0x${der.subarray(6 + rLength).toString('hex')}`)
  const hex = (N - s).toString(16).padStart(64, '0')
  const bytes = Buffer.from(/^[89a-f]/.test(hex) ? `00${hex}` : hex, 'hex')
  const body = Buffer.concat([r, Buffer.from([2, bytes.length]), bytes])
  return Buffer.concat([Buffer.from([0x30, body.length]), body]).toString('base64')
}

describe("the senders' own libraries", () => {
  it('stripe signs what is received, with each of two secrets', async () => {
    const library = new Stripe('sk_test_of_nobody')
    const [old, current] = ['whsec_the-old-one', 'whsec_the-new-one']
    const header = (secret: string) =>
      library.webhooks.generateTestHeaderString({ payload: BODY, secret, timestamp: SECONDS })
    for (const secret of [old, current]) {
      const sent = { headers: { 'stripe-signature': header(secret) }, body: BODY }
      expect(await deliver(stripe({ secrets: [old, current] }), sent)).toMatchObject({ status: 200 })
      expect(await deliver(stripe({ secrets: ['whsec_a-third-one'] }), sent)).toMatchObject({ status: 401 })
    }
  })

  it('@octokit/webhooks-methods signs what is received', async () => {
    // The library signs by the platform's Web Crypto.
    expect(webcrypto.subtle).toBeDefined()
    const body = '{"repository":{"full_name":"acme/site"},"text":"Grüße"}'
    const headers = { 'x-hub-signature-256': await signByOctokit('the-github-secret', body), 'x-github-event': 'push' }
    const { deliveries } = await deliver(github({ secrets: ['the-github-secret'] }), { headers, body })
    expect(deliveries[0]).toMatchObject({ trust: 'body', event: { type: 'unknown', name: 'push' } })
  })
})
