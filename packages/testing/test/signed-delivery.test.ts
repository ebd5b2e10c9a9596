import { type AnyEvent, coldMailReseller, createReceiver, inboxKit, openMail } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import {
  anotherEvent,
  type ProviderName,
  type SignedDelivery,
  sample,
  signedDelivery,
  testClock,
} from '../src/index.js'

const secret = 'test-key'
const providers = [
  coldMailReseller({ secrets: [secret] }),
  inboxKit({ secrets: [secret] }),
  openMail({ secrets: [secret] }),
] as const

/** Passes a delivery to a receiver of its provider. Returns the event, or the answer that refuses it. */
async function receive(delivery: SignedDelivery<string | Uint8Array>, now = Date.now) {
  const provider = providers.filter(({ signatureHeader }) => delivery.headers[signatureHeader] !== undefined)
  const { receive } = createReceiver({ providers: provider, now })
  const reception = await receive({
    method: 'POST',
    header: (name) => delivery.headers[name],
    readBody: async () => Buffer.from(delivery.body),
    isOpenEnded: () => false,
  })
  if (reception.answer !== undefined) return { status: reception.answer.status }
  await reception.settle(200)
  return { status: 200, event: reception.delivery.event as AnyEvent, trust: reception.delivery.trust }
}

const EVENTS: [ProviderName, string][] = providers.flatMap(({ name, types }) =>
  types.map((type): [ProviderName, string] => [name, type]),
)

describe('signedDelivery', () => {
  it.each(EVENTS)('%s %s is received as what it is', async (provider, event) => {
    const { status, event: received } = await receive(signedDelivery(provider, event as never, { secret }))
    expect({ status, type: received?.type }).toEqual({ status: 200, type: event })
  })

  it('there are twenty events', () => {
    expect(EVENTS).toHaveLength(20)
  })

  it.each([
    ['cold-mail-reseller', 'mailbox.created', { reading: 'timestamp.body' }, 'body+timestamp'],
    ['cold-mail-reseller', 'mailbox.created', { encoding: 'base64' }, 'body'],
    ['cold-mail-reseller', 'mailbox.created', { prefix: 'sha256=', time: 'milliseconds' }, 'body'],
    ['inboxkit', 'mailbox.status_changed', {}, 'sender'],
    ['inboxkit', 'mailbox.status_changed', { reading: 'body' }, 'body'],
    ['openmail', 'message.received', {}, 'body+timestamp'],
  ] as const)('%s signs %s as %o', async (provider, event, options, trust) => {
    expect(await receive(signedDelivery(provider, event as never, { secret, ...options }))).toMatchObject({
      status: 200,
      trust,
    })
  })

  it('signs at the time it is given', async () => {
    const clock = testClock(new Date('2026-03-01T09:00:00Z'))
    const delivery = signedDelivery('openmail', 'message.received', { secret, at: clock.now() })
    clock.advance(301_000)
    expect(await receive(delivery, clock.now)).toEqual({ status: 401 })
    clock.set(new Date('2026-03-01T09:05:00Z'))
    expect(await receive(delivery, clock.now)).toMatchObject({ status: 200 })
  })

  it('applies a payload to the sample, and sends a body unchanged', async () => {
    const made = signedDelivery('cold-mail-reseller', 'mailbox.created', { secret, payload: { data: { price: 3 } } })
    expect(JSON.parse(made.body)).toEqual(sample.coldMailReseller['mailbox.created']({ data: { price: 3 } }))
    const body = Buffer.from('{ "event": "mailbox.created" }')
    expect(signedDelivery('cold-mail-reseller', 'mailbox.created', { secret, body }).body).toBe(body)
  })

  it.each([
    ['{ "event_id": "evt_mine" }\n', 'evt_mine'],
    [Buffer.from('{"event_id":"evt_mine"}'), 'evt_mine'],
    ['{"event_id":1}', undefined],
    ['null', undefined],
    ['no JSON', undefined],
  ])('tells in the headers the id that stands in a body: %s', (body, id) => {
    expect(signedDelivery('openmail', 'message.received', { secret, body }).headers['x-event-id']).toBe(id)
  })

  it('adds, replaces and leaves out headers', () => {
    const { headers } = signedDelivery('openmail', 'message.received', {
      secret,
      headers: { 'x-timestamp': undefined, 'x-signature': 'wrong', 'x-more': '1' },
    })
    expect(headers).toEqual({
      'content-type': 'application/json',
      'x-event-id': 'evt_7c0f1d2ab934',
      'x-signature': 'wrong',
      'x-more': '1',
    })
  })

  it.each([undefined, {}, { secret: '' }, { secret: undefined }, { secret: new Uint8Array() }])(
    'signs with no empty secret, which no receiver takes: %o',
    (options) => {
      expect(() => signedDelivery('openmail', 'message.received', options as never)).toThrow(TypeError)
      expect(() => signedDelivery('openmail', 'message.received', options as never)).toThrow(
        'secret is missing or empty',
      )
    },
  )

  it.each(['undefined', '<your-secret>', '{{SECRET}}'])('signs with no placeholder: %s', (placeholder) => {
    const sign = () => signedDelivery('openmail', 'message.received', { secret: placeholder })
    expect(sign).toThrow(TypeError)
    expect(sign).toThrow(/^signedDelivery: secret (is|reads as) a/)
  })

  it('suggests the option that was meant', () => {
    expect(() => signedDelivery('openmail', 'message.received', { secret, readings: 'body' } as never)).toThrow(
      'signedDelivery: there is no option readings; do you mean reading?',
    )
    expect(() => anotherEvent('openmail', {}, { time: 0 } as never)).toThrow('anotherEvent: there is no option time')
  })

  it('says which providers and events there are', () => {
    expect(() => signedDelivery('opnmail' as 'openmail', 'message.received', { secret })).toThrow(/one of .*openmail/)
    expect(() => signedDelivery('openmail', 'constructor' as 'message.received', { secret })).toThrow(
      /message.received/,
    )
  })
})
