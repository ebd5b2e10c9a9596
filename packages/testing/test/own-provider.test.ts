import { generateKeyPairSync } from 'node:crypto'
import { createReceiver, defineProvider, type Provider, standardWebhooks } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { SENDERS } from '../../../examples/providers/test/senders.js'
import { anotherEvent, playDelivery, type SignedDelivery, sample, signedDelivery, testClock } from '../src/index.js'

const NOW = 1_780_000_000_000
const SECRET = 'the-secret-of-acme'

const events = () => ({
  'order.paid': z.looseObject({
    type: z.literal('order.paid'),
    id: z.string(),
    at: z.iso.datetime(),
    data: z.looseObject({
      amount: z.number(),
      lines: z.array(z.looseObject({ sku: z.string() })),
      note: z.string().nullish(),
    }),
  }),
})

const acme = (secret = SECRET) =>
  defineProvider({
    name: 'acme',
    signature: { header: 'x-acme', secrets: [secret], readings: [{ content: ['body'] }] },
    retries: { spanMs: 3_600_000, maxHandlerMs: 60_000 },
    describe: (payload) => ({ type: payload.type, id: payload.id, occurredAt: payload.at }),
    events,
  })

function receiver(provider: Provider, now = () => NOW) {
  const { takesLists } = provider
  const { receive } = createReceiver({
    providers: [provider],
    now,
    retentionMs: 30 * 24 * 3_600_000,
    leaseMs: 1_000,
    ...(takesLists && { handOff: async () => undefined }),
  })
  return async ({ headers, body, query }: SignedDelivery<string | Uint8Array>, status = 200) => {
    const reception = await receive({
      method: 'POST',
      url: `/?${query ?? ''}`,
      header: (name) => headers[name],
      readBody: async () => Buffer.from(body as Uint8Array),
      isOpenEnded: () => false,
    })
    if (reception.answer !== undefined) return reception.answer
    await reception.settle(status)
    return { status, delivery: reception.delivery, body: '' }
  }
}

describe('a provider of your own', () => {
  it('is signed, with a sample made of its schema and your values over it', async () => {
    const delivery = signedDelivery(acme(), 'order.paid', { secret: SECRET, payload: { data: { amount: 3 } } })
    expect(JSON.parse(delivery.body)).toEqual({
      type: 'order.paid',
      id: 'text',
      at: '2026-03-01T09:00:00.000Z',
      data: { amount: 3, lines: [{ sku: 'text' }], note: 'text' },
    })
    expect((await receiver(acme())(delivery)).status).toBe(200)
    expect((await receiver(acme('another-secret'))(delivery)).status).toBe(401)
  })

  it('has samples, typed', () => {
    const made = sample(acme())['order.paid']({ id: 'evt_7' })
    expect(made.data.amount).toBe(1)
    expect(made.id).toBe('evt_7')
  })

  it('has other events, by the fields that name one', async () => {
    const receive = receiver(acme())
    const payload = sample(acme())['order.paid']()
    for (const other of [payload, anotherEvent(acme(), payload), anotherEvent(acme(), payload)]) {
      const answer = await receive(signedDelivery(acme(), 'order.paid', { secret: SECRET, payload: other }))
      expect(answer.body).not.toContain('duplicate')
    }
    const other = anotherEvent(acme(), payload, { id: 'evt_9', at: NOW })
    expect(other).toMatchObject({ id: 'evt_9', at: new Date(NOW).toISOString() })
  })

  it('is delivered again until it is answered', async () => {
    const clock = testClock(NOW)
    const receive = receiver(acme(), clock.now)
    const { acknowledged, attempts } = await playDelivery(acme(), 'order.paid', {
      secret: SECRET,
      clock,
      send: (delivery, attempt) => receive(delivery, attempt < 3 ? 500 : 200),
    })
    expect({ acknowledged, statuses: attempts.map(({ status }) => status) }).toEqual({
      acknowledged: true,
      statuses: [500, 500, 200],
    })
  })

  it('names the field that the signature covers and the payload lacks', () => {
    const provider = defineProvider({
      name: 'fields',
      signature: { header: 'x-acme', secrets: [SECRET], readings: [{ content: [{ field: 'sig.token' }] }] },
      retries: { spanMs: 60_000, maxHandlerMs: 10_000 },
      describe: () => ({}),
      events,
    })
    expect(() => signedDelivery(provider, 'order.paid', { secret: SECRET })).toThrow(/field sig\.token/)
  })

  it('signs by ECDSA with PEM or the base64 of PKCS #8, and names these for another key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const provider = defineProvider({
      name: 'ecdsa',
      signature: {
        header: 'x-acme',
        key: 'spki',
        encodings: ['base64'],
        secrets: [publicKey.export({ format: 'der', type: 'spki' }).toString('base64')],
        readings: [{ algorithm: 'ecdsa-p256', content: ['body'] }],
      },
      retries: { spanMs: 60_000, maxHandlerMs: 10_000 },
      describe: ({ id }) => ({ id }),
      events,
    })
    const pem = String(privateKey.export({ format: 'pem', type: 'pkcs8' }))
    const base64 = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
    for (const secret of [pem, base64]) {
      expect((await receiver(provider)(signedDelivery(provider, 'order.paid', { secret }))).status).toBe(200)
    }
    expect(() => signedDelivery(provider, 'order.paid', { secret: 'a'.repeat(44) })).toThrow(/ECDSA: give it in PEM/)
  })

  it('needs a payload, or a body, where no sample can be made', () => {
    const bare = { '~standard': { version: 1, vendor: 'bare', validate: (value: unknown) => ({ value }) } } as const
    const provider = defineProvider({
      name: 'bare',
      signature: { header: 'x-bare', secrets: [SECRET], readings: [{ content: ['body'] }] },
      retries: { spanMs: 60_000, maxHandlerMs: 10_000 },
      describe: () => ({}),
      events: () => ({ ping: bare }),
    })
    expect(() => signedDelivery(provider, 'ping', { secret: SECRET })).toThrow(/bare ping: no sample can be made/)
    expect(JSON.parse(signedDelivery(provider, 'ping', { secret: SECRET, payload: { at: 1 } as never }).body)).toEqual({
      at: 1,
    })
    expect(() => signedDelivery(acme(), 'order.lost' as never, { secret: SECRET })).toThrow(
      /acme has no event order\.lost/,
    )
    expect(() => signedDelivery({} as never, 'x' as never, { secret: SECRET })).toThrow(/defineProvider made/)
  })

  it.each(Object.entries(SENDERS))('signs as %s does', async (_name, { create, secrets, signingKeys, body }) => {
    const provider = create({ secrets: [secrets[0]] })
    const secret = (signingKeys ?? secrets)[0]
    const content = provider.scheme.list === 'value' ? `{"value":${body}}` : isWrapped(body) ? wrapped(body) : body
    const signed = signedDelivery(provider, 'any' as never, { secret, body: content, at: NOW })
    expect((await receiver(provider)(signed)).status).toBe(200)
    expect((await receiver(create({ secrets: [secrets[1]] }))(signed)).status).toBe(401)
  })

  /** Mailgun's event stands beside its signature. */
  const isWrapped = (body: string) => body.includes('"event":"delivered","recipient"') || body.startsWith('recipient=')
  const wrapped = (body: string) =>
    body.startsWith('recipient=')
      ? `${body}&token=${'a'.repeat(50)}`
      : `{"signature":{"token":"${'a'.repeat(50)}"},"event-data":${body}}`
})

describe('a sender of Standard Webhooks', () => {
  it('is signed by either kind of key, under either family', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32)
    const shown = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
    const pairs = [
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      [`whpk_${shown.toString('base64')}`, `whsk_${seed.toString('base64')}`],
      [`whpk_${shown.toString('base64')}`, `whsk_${Buffer.concat([seed, shown]).toString('base64')}`],
    ] as const
    for (const [secret, signing] of pairs) {
      for (const headers of ['webhook', 'svix'] as const) {
        const provider = standardWebhooks({ name: 'acme', secrets: [secret], headers })
        const delivery = signedDelivery(provider, 'x' as never, { secret: signing, body: '{"type":"x"}', at: NOW })
        const { status, delivery: received } = (await receiver(provider)(delivery)) as {
          status: number
          delivery?: { id: string }
        }
        expect({ status, id: received?.id }).toEqual({
          status: 200,
          id: expect.stringMatching(/^acme:msg_[0-9a-f]{24}$/),
        })
      }
    }
    const provider = standardWebhooks({ name: 'acme', secrets: [pairs[1][0]] })
    expect(() => signedDelivery(provider, 'x' as never, { secret: pairs[1][0], body: '{}' })).toThrow(
      /a public key signs nothing/,
    )
  })
})
