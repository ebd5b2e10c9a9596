import { coldMailReseller, createReceiver, defineProvider, openMail } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { opensslHmac } from '../openssl.js'
import { answerTo, receive } from '../request.js'
import { verdict } from '../verdict.js'

const NOW = 1_767_225_600_000
const AT = { now: () => NOW }
const SECONDS = String(NOW / 1000)

const openMailDelivery = (key: string, body = '{"event":"test","event_id":"evt_1"}', seconds = SECONDS) => ({
  headers: { 'x-timestamp': seconds, 'x-signature': opensslHmac(key, `${seconds}.${body}`).toString('hex') },
  body,
})

describe('several secrets of one provider', () => {
  it('all verify, so that a secret can be changed without refusing anything', async () => {
    for (const key of ['old', 'new']) {
      expect(await verdict(openMail({ secrets: ['old', 'new'] }), openMailDelivery(key), AT)).toMatchObject({
        kind: 'failed',
      })
    }
    expect(await verdict(openMail({ secrets: ['new'] }), openMailDelivery('old'), AT)).toMatchObject({ status: 401 })
  })
})

describe('several accounts of one provider', () => {
  const accounts = [openMail({ secrets: ['eu-key'], account: 'eu' }), openMail({ secrets: ['us-key'], account: 'us' })]

  it('are told apart by the secret that verifies, and share no keys', async () => {
    const receiver = createReceiver({ providers: accounts, ...AT })
    const ids = []
    for (const key of ['us-key', 'eu-key']) {
      const reception = await receive(receiver, openMailDelivery(key))
      if (reception.answer === undefined) ids.push([reception.delivery.account, reception.delivery.id])
    }
    expect(ids).toEqual([
      ['us', 'openmail@us:evt_1'],
      ['eu', 'openmail@eu:evt_1'],
    ])
  })

  it('refuse what verifies for none, and say that it is old when it is', async () => {
    expect(await verdict(accounts, openMailDelivery('third'), AT)).toMatchObject({ code: 'signature_invalid' })
    const old = openMailDelivery('us-key', '{}', String(NOW / 1000 - 301))
    expect(await verdict(accounts, old, AT)).toMatchObject({ code: 'timestamp_invalid', ageMs: 301_000 })
  })
})

describe("another service's delivery under a header that a built-in provider uses, too", () => {
  const other = defineProvider({
    name: 'other',
    signature: {
      header: 'X-Signature',
      secrets: ['other-key'],
      encodings: ['base64'],
      readings: [{ name: 'body', trust: 'body' }],
    },
    retries: { spanMs: 60_000, maxHandlerMs: 10_000 },
    describe: (payload) => ({ type: payload.type, id: payload.id }),
    events: () => ({}),
  })

  it('reaches the provider for which it verifies', async () => {
    const body = '{"type":"thing","id":"1"}'
    const headers = { 'x-signature': opensslHmac('other-key', body).toString('base64') }
    const receiver = createReceiver({
      providers: [openMail({ secrets: ['key'] }), other],
      store: undefined,
      leaseMs: 5_000,
      ...AT,
    })
    const reception = await receive(receiver, { headers, body })
    expect(reception).toMatchObject({
      delivery: { provider: 'other', id: 'other:1', event: { type: 'unknown', name: 'thing' } },
    })
  })

  // An operator must learn that the clock is wrong, not that the form is.
  it.each(['before', 'behind'])(
    'is told as old where it is old for one, and malformed for another %s it',
    async (at) => {
      const providers = [openMail({ secrets: ['key'] }), other]
      const old = openMailDelivery('key', '{}', String(NOW / 1000 - 301))
      const outcome = await verdict(at === 'before' ? providers.reverse() : providers, old, { leaseMs: 5_000, ...AT })
      expect(outcome).toMatchObject({ code: 'timestamp_invalid', provider: 'openmail', ageMs: 301_000 })
    },
  )

  it('is refused when it verifies for none', async () => {
    const receiver = createReceiver({ providers: [openMail({ secrets: ['key'] }), other], leaseMs: 5_000, ...AT })
    expect(await answerTo(receiver, openMailDelivery('wrong'))).toBe('401 signature_invalid')
  })
})

describe('a static token alone', () => {
  const tokens = defineProvider({
    name: 'tokens',
    signature: {
      header: 'x-token',
      secrets: ['the-token'],
      encodings: ['text'],
      readings: [{ name: 'token', trust: 'sender', token: (secret) => Buffer.from(secret) }],
    },
    retries: { spanMs: 60_000, maxHandlerMs: 10_000 },
    describe: () => ({}),
    events: () => ({}),
  })

  it('is refused by the headers, before the body is read', async () => {
    const receiver = createReceiver({ providers: [tokens], leaseMs: 5_000, ...AT })
    const { answer } = await receiver.receive({
      method: 'POST',
      header: (name) => (name === 'x-token' ? 'a-token' : undefined),
      readBody: () => Promise.reject(new Error('the body was read')),
      isOpenEnded: () => false,
    })
    expect(answer?.status).toBe(401)
    expect(await answerTo(receiver, { headers: { 'x-token': 'the-token' }, body: '{}' })).toBe('accepted')
  })
})

describe('Cold Mail Reseller events of the newer documents', () => {
  it('are known by eventType and by their body where they have no event and no id', async () => {
    const body = '{"eventType":"mailbox.warmup.started","data":{}}'
    const headers = { 'cmr-x-timestamp': SECONDS, 'cmr-x-signature': opensslHmac('key', body).toString('hex') }
    expect(await verdict(coldMailReseller({ secrets: ['key'] }), { headers, body }, AT)).toMatchObject({
      type: 'unknown',
      name: 'mailbox.warmup.started',
      id: expect.stringMatching(/^cold-mail-reseller:sha256:[0-9a-f]{64}$/),
    })
  })
})
