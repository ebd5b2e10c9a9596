import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { agentMail, openMail, type Provider, resend, standardWebhooks } from '@mailbox-hooks/core'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import vectors from '../signature/standard-vectors.json' with { type: 'json' }
import { verdict } from '../verdict.js'

const SECONDS = 1_780_000_000
const AT = { now: () => SECONDS * 1000 }
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const OTHER = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'
const BODY = '{"type":"order.paid","timestamp":"2026-05-28T20:26:00Z","data":{"id":"ord_1"}}'

const acme = (...secrets: string[]) =>
  standardWebhooks({
    name: 'acme',
    secrets,
    events: { 'order.paid': z.looseObject({ type: z.literal('order.paid'), data: z.looseObject({ id: z.string() }) }) },
  })

/** The private key of a sender, and what it shows of it. */
function pair() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  return { privateKey, shown: `whpk_${raw.toString('base64')}`, raw }
}

const key = (secret: string) => Buffer.from(secret.slice('whsec_'.length), 'base64')
const v1 = (secret: string, text: string) => `v1,${createHmac('sha256', key(secret)).update(text).digest('base64')}`
const v1a = (privateKey: KeyObject, text: string) =>
  `v1a,${sign(null, Buffer.from(text), privateKey).toString('base64')}`

interface Parts {
  readonly id?: string
  readonly time?: string
  readonly body?: string
  readonly family?: string
  readonly signature: (content: string) => string
}

function sent({ id = 'msg_1', time = String(SECONDS), body = BODY, family = 'webhook', signature }: Parts) {
  const headers = {
    [`${family}-id`]: id,
    [`${family}-timestamp`]: time,
    [`${family}-signature`]: signature(`${id}.${time}.${body}`),
  }
  return { headers, body }
}

const judge = (provider: Provider | readonly Provider[], request: { headers: Record<string, string>; body: string }) =>
  verdict(provider, request, AT)

const ACCEPTED = { kind: 'failed', trust: 'body+timestamp' }
const REFUSED = { status: 401 }

describe('a sender of Standard Webhooks', () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))(
    'is judged as its libraries judge: %s',
    async (_name, vector) => {
      if (vector.verdict.startsWith('start')) return expect(() => acme(...vector.secrets)).toThrow(TypeError)
      const outcome = await verdict(acme(...vector.secrets), vector, { now: () => vector.now * 1000 })
      const isValid = vector.verdict === 'valid'
      return expect(outcome).toMatchObject(isValid ? { trust: 'body+timestamp' } : REFUSED)
    },
  )

  it.each([
    ['standardwebhooks', (body: string, at: Date) => new Webhook(SECRET).sign('msg_1', at, body)],
    ['svix', (body: string, at: Date) => new SvixWebhook(SECRET).sign('msg_1', at, body)],
  ])('may sign by the library %s', async (_library, signBy) => {
    for (const body of [BODY, '{"text":"Grüße 👋"}', `{"pad":"${'x'.repeat(100_000)}"}`]) {
      for (const family of ['webhook', 'svix']) {
        const signature = () => signBy(body, new Date(SECONDS * 1000))
        expect(await judge(acme(SECRET), sent({ body, family, signature }))).toMatchObject({
          trust: 'body+timestamp',
          id: 'acme:msg_1',
        })
        expect(await judge(acme(OTHER), sent({ body, family, signature }))).toMatchObject(REFUSED)
      }
    }
  })

  it('is told by its type, its id and its time', async () => {
    const outcome = await judge(acme(SECRET), sent({ signature: (text) => v1(SECRET, text) }))
    expect(outcome).toMatchObject({ ...ACCEPTED, type: 'order.paid', id: 'acme:msg_1', reading: 'id.time.body/base64' })
  })

  it('may sign with several keys at once, in any order, beside versions of the future', async () => {
    const { privateKey, shown } = pair()
    const all = (text: string) =>
      ['v2,xx', v1(OTHER, text), v1a(privateKey, text), 'rubbish', v1(SECRET, text)].join(' ')
    for (const secrets of [[SECRET], [OTHER], [shown], [SECRET, shown]]) {
      expect(await judge(acme(...secrets), sent({ signature: all }))).toMatchObject(ACCEPTED)
    }
    expect(await judge(acme(pair().shown), sent({ signature: all }))).toMatchObject(REFUSED)
    const many = (text: string) => [...Array(32).fill(v1(OTHER, text)), v1(SECRET, text)].join(' ')
    expect(await judge(acme(SECRET), sent({ signature: many }))).toMatchObject(REFUSED)
  })
})

describe('a forger of Standard Webhooks is refused who', () => {
  it('signs by an HMAC with the public key, in whatever version', async () => {
    const { shown, raw } = pair()
    const keys = [raw, Buffer.from(shown), Buffer.from(shown.slice(5)), Buffer.from(raw.toString('base64'))]
    for (const forged of keys) {
      for (const version of ['v1', 'v1a', '']) {
        const signature = (text: string) => `${version},${createHmac('sha256', forged).update(text).digest('base64')}`
        expect(await judge(acme(shown), sent({ signature }))).toMatchObject(REFUSED)
        // Beside a key of the other kind, too: that one is not this one.
        expect(await judge(acme(shown, SECRET), sent({ signature }))).toMatchObject(REFUSED)
      }
    }
  })

  it('gives a good signature under the name of another version', async () => {
    const { privateKey, shown } = pair()
    for (const version of ['v0', 'v2', 'v1a', 'v', '', 'V1', 'v1,v1']) {
      const signature = (text: string) => v1(SECRET, text).replace('v1,', `${version},`)
      expect(await judge(acme(SECRET), sent({ signature }))).toMatchObject(REFUSED)
    }
    const asV1 = (text: string) => v1a(privateKey, text).replace('v1a,', 'v1,')
    expect(await judge(acme(shown), sent({ signature: asV1 }))).toMatchObject(REFUSED)
  })

  it('uses a weaker hash', async () => {
    for (const hash of ['sha1', 'md5', 'sha512']) {
      const signature = (text: string) => `v1,${createHmac(hash, key(SECRET)).update(text).digest('base64')}`
      expect(await judge(acme(SECRET), sent({ signature }))).toMatchObject(REFUSED)
    }
  })

  it('moves the border between id, time and body', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(60), fc.nat(60), async (first, second) => {
        // One signature, over `a.1780000000.1780000000.{…}`: it must fit one request only.
        const body = `${SECONDS}.${BODY}`
        const id = `a.${SECONDS}`
        const text = `a.${SECONDS}.${body}`
        const dots = [...text.matchAll(/\./g)].map(({ index }) => index)
        const [from = 0, to = 0] = [dots[first % dots.length], dots[second % dots.length]].sort((a = 0, b = 0) => a - b)
        const moved = sent({
          id: text.slice(0, from),
          time: text.slice(from + 1, to),
          body: text.slice(to + 1),
          signature: () => v1(SECRET, text),
        })
        const { trust } = await judge(acme(SECRET), moved)
        const isGenuine = moved.headers['webhook-id'] === 'a' && moved.headers['webhook-timestamp'] === String(SECONDS)
        expect(trust).toBe(isGenuine && moved.body === body ? 'body+timestamp' : undefined)
        expect(await judge(acme(SECRET), sent({ id, body: BODY, signature: () => v1(SECRET, text) }))).toMatchObject(
          REFUSED,
        )
      }),
    ))

  it('mixes the headers of two families, or gives both', async () => {
    const signature = (text: string) => v1(SECRET, text)
    const webhook = sent({ signature })
    const svix = sent({ signature, family: 'svix' })
    const both = { ...webhook, headers: { ...webhook.headers, ...svix.headers } }
    expect(await judge(acme(SECRET), both)).toMatchObject({ ...REFUSED, code: 'signature_repeated' })
    for (const name of Object.keys(webhook.headers)) {
      const { [name]: value = '', ...rest } = webhook.headers
      const mixed = { ...rest, [name.replace('webhook', 'svix')]: value }
      expect(await judge(acme(SECRET), { headers: mixed, body: BODY })).toMatchObject(REFUSED)
      expect(await judge(acme(SECRET), { headers: rest, body: BODY })).toMatchObject(REFUSED)
    }
    // A complete family of headers is taken, whatever stands beside it.
    const stray = { ...webhook, headers: { ...webhook.headers, 'svix-id': 'msg_2' } }
    expect(await judge(acme(SECRET), stray)).toMatchObject({ ...ACCEPTED, id: 'acme:msg_1' })
  })

  it('replays a request under another id, or at another time', async () => {
    const genuine = sent({ signature: (text) => v1(SECRET, text) })
    for (const [name, value] of [
      ['webhook-id', 'msg_2'],
      ['webhook-timestamp', String(SECONDS + 1)],
      ['webhook-timestamp', `0${SECONDS}`],
      ['webhook-timestamp', `${SECONDS} `],
      ['webhook-timestamp', `${SECONDS}.0`],
    ] as const) {
      const changed = { ...genuine, headers: { ...genuine.headers, [name]: value } }
      expect(await judge(acme(SECRET), changed)).toMatchObject(REFUSED)
    }
  })

  it.each(['', ' ', 'a b', 'é', 'x'.repeat(256), 'a\tb', 'msg.1'])('has the id %j', async (id) => {
    expect(await judge(acme(SECRET), sent({ id, signature: (text) => v1(SECRET, text) }))).toMatchObject(REFUSED)
  })

  it('knows the secret of another sender behind the same address', async () => {
    const providers = [
      acme(SECRET),
      resend({ secrets: [OTHER] }),
      agentMail({ secrets: ['whsec_AQQHCg0QExYZHB8iJSgrLjE0Nzo9QENG'] }),
    ]
    const request = sent({ family: 'svix', signature: (text) => v1(OTHER, text) })
    expect(await judge(providers, request)).toMatchObject({ provider: 'resend', id: 'resend:msg_1' })
    expect(
      await judge(
        providers.filter(({ name }) => name !== 'resend'),
        request,
      ),
    ).toMatchObject(REFUSED)
  })
})

describe('a key of Standard Webhooks', () => {
  const { shown } = pair()
  it.each<[string, string, RegExp]>([
    ['with the version before it', 'v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', /remove 'v1,' before whsec_/],
    ['that is private', 'whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', /is the private key of the sender/],
    ['that is cut', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS1w', /is not base64/],
    ['in the alphabet of URLs', 'whsec_----_wABAgMEBQYHCAkKCwwNDg8QERIT', /URL alphabet/],
    ['that is public and short', `whpk_${Buffer.alloc(31, 7).toString('base64')}`, /must have 32 bytes/],
    ['that is public and long', `whpk_${Buffer.alloc(33, 7).toString('base64')}`, /must have 32 bytes/],
    ['under which anybody can sign', `whpk_${Buffer.alloc(32).toString('base64')}`, /anybody can sign/],
    [
      'under which anybody can sign, with another sign',
      `whpk_${'7f'.padStart(64, 'f').slice(2)}`,
      /is not base64|anybody/,
    ],
    ['that is empty', 'whsec_', /placeholder/],
  ])('%s is refused at start, and not shown', (_which, secret, message) => {
    expect(() => acme(secret)).toThrow(TypeError)
    expect(() => acme(secret)).toThrow(message)
    expect(() => acme(secret)).not.toThrow(secret.slice(-12))
  })

  it('may lack its prefix, or the padding of base64, or be bytes', async () => {
    const request = sent({ signature: (text) => v1(SECRET, text) })
    const bytes = key(SECRET)
    for (const secret of [SECRET.slice(6), bytes]) {
      expect(await judge(standardWebhooks({ name: 'acme', secrets: [secret] }), request)).toMatchObject(ACCEPTED)
    }
    expect(() => acme(shown.replace(/=+$/, ''))).not.toThrow()
  })
})

describe('the options of standardWebhooks', () => {
  it.each<[string, object, RegExp]>([
    ['a name with spaces', { name: 'a b' }, /name must be of lower-case letters/],
    ['headers that nobody has', { headers: 'standard' }, /headers must be 'webhook', 'svix' or/],
    ['headers without an id', { headers: { time: 'a', signature: 'b' } }, /headers must be/],
    ['headers of one name', { headers: { id: 'a', time: 'b', signature: 'A' } }, /families must share no header/],
    ['events that are a function', { events: () => ({}) }, /events must be an object/],
    ['an event without a schema', { events: { paid: {} } }, /the schema of paid is not a Standard Schema/],
    ['a misspelt option', { secret: SECRET }, /there is no option secret; do you mean secrets/],
  ])('are a TypeError at start: %s', (_what, options, message) => {
    const create = () => standardWebhooks({ name: 'acme', secrets: [SECRET], ...options } as never)
    expect(create).toThrow(TypeError)
    expect(create).toThrow(message)
  })

  it('name one family, or headers of a sender of its own', async () => {
    const signature = (text: string) => v1(SECRET, text)
    const only = (headers: 'svix' | { id: string; time: string; signature: string }) =>
      standardWebhooks({ name: 'acme', secrets: [SECRET], headers })
    expect(await judge(only('svix'), sent({ family: 'svix', signature }))).toMatchObject(ACCEPTED)
    expect(await judge(only('svix'), sent({ signature }))).toMatchObject({ ...REFUSED, code: 'provider_unknown' })
    const own = { id: 'X-Acme-Id', time: 'X-Acme-Timestamp', signature: 'X-Acme-Signature' }
    expect(await judge(only(own), sent({ family: 'x-acme', signature }))).toMatchObject(ACCEPTED)
  })

  it('may describe more of an event', async () => {
    const provider = standardWebhooks({
      name: 'acme',
      secrets: [SECRET],
      describe: ({ kind }, { id }) => ({ type: kind, id: ['own', id] }),
    })
    const request = sent({ body: '{"kind":"new"}', signature: (text) => v1(SECRET, text) })
    expect(await judge(provider, request)).toMatchObject({ type: 'unknown', name: 'new', id: 'acme:own|msg_1' })
  })
})

describe('events of yesterday', () => {
  const blocked = z.looseObject({ event: z.literal('inbox.blocked'), event_id: z.string(), why: z.string() })

  it('have a type and a payload without waiting for a release', async () => {
    const provider = openMail({ secrets: ['key'], events: { 'inbox.blocked': blocked } })
    const body = '{"event":"inbox.blocked","event_id":"e1","why":"abuse"}'
    const signature = createHmac('sha256', 'key').update(`${SECONDS}.${body}`).digest('hex')
    const request = { headers: { 'x-timestamp': String(SECONDS), 'x-signature': signature }, body }
    expect(await judge(provider, request)).toMatchObject({ kind: 'failed', type: 'inbox.blocked' })
    expect(provider.types).toContain('message.received')
  })

  it.each([
    ['openmail', () => openMail({ secrets: ['key'], events: { 'message.received': blocked } })],
    ['resend', () => resend({ secrets: [SECRET], events: { 'email.sent': blocked } })],
    ['agentmail', () => agentMail({ secrets: [SECRET], events: { 'message.sent': blocked } })],
  ])('are refused where this version knows them: %s', (name, create) => {
    expect(create).toThrow(TypeError)
    expect(create).toThrow(`${name}: events has`)
  })
})
