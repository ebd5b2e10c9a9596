import { createHmac, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type DiagnoseOptions, defineProvider, diagnose, standardWebhooks } from '../../src/index.js'

const SECONDS = 1_780_000_000
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const KEY = Buffer.from(SECRET.slice('whsec_'.length), 'base64')
const BODY = '{"type":"order.paid","timestamp":"2026-05-28T20:26:40Z","data":{"id":1}}'

const acme = ({ secrets }: { secrets: DiagnoseOptions['secrets'] }) => standardWebhooks({ name: 'acme', secrets })

const mac = (key: string | Uint8Array, content: string) => createHmac('sha256', key).update(content).digest()

/** The three headers of a family, and a signature as this sender makes it. */
function headersOf({
  family = 'webhook',
  time = String(SECONDS),
  signature = `v1,${mac(KEY, `msg_1.${time}.${BODY}`).toString('base64')}`,
} = {}): Record<string, string> {
  return { [`${family}-id`]: 'msg_1', [`${family}-timestamp`]: time, [`${family}-signature`]: signature }
}

const v1 = (bytes: Uint8Array) => headersOf({ signature: `v1,${Buffer.from(bytes).toString('base64')}` })

const without = (name: string, { [name]: _, ...others } = headersOf()) => others

const publicKey = `whpk_${generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')}`

interface Case {
  readonly what: string
  readonly headers?: DiagnoseOptions['headers']
  readonly secret?: string
  readonly body?: string
  readonly code: string
  readonly says: RegExp
}

/** One fault each of a sender, a proxy or a configuration, and what names it. */
const CASES: readonly Case[] = [
  { what: 'an untouched delivery', code: 'accepted', says: /matches/ },
  {
    what: 'an untouched delivery of the other family',
    headers: headersOf({ family: 'svix' }),
    code: 'accepted',
    says: /matches/,
  },
  {
    what: 'a body that was parsed and printed again',
    body: JSON.stringify(JSON.parse(BODY), null, 2),
    code: 'body_reserialized',
    says: /re-serialised/,
  },
  { what: 'a newline behind the secret', secret: `${SECRET}\n`, code: 'secret_white_space', says: /white space/ },
  { what: 'a secret in quotes', secret: `"${SECRET}"`, code: 'secret_quoted', says: /quotes/ },
  {
    what: 'the secret as a text in place of its bytes',
    headers: v1(mac(SECRET, `msg_1.${SECONDS}.${BODY}`)),
    code: 'secret_encoded',
    says: /characters of the secret/,
  },
  {
    what: 'the text behind whsec_ in place of its bytes',
    headers: v1(mac(SECRET.slice(6), `msg_1.${SECONDS}.${BODY}`)),
    code: 'secret_encoded',
    says: /characters behind whsec_/,
  },
  {
    what: 'a signature in hex',
    headers: headersOf({ signature: `v1,${mac(KEY, `msg_1.${SECONDS}.${BODY}`).toString('hex')}` }),
    code: 'signature_encoding',
    says: /in hex instead of base64/,
  },
  {
    what: 'a signature in base64url',
    headers: headersOf({ signature: `v1,${mac(KEY, `msg_1.${SECONDS}.${BODY}`).toString('base64url')}` }),
    code: 'signature_encoding',
    says: /base64url/,
  },
  {
    what: 'a signature without its version',
    headers: headersOf({ signature: mac(KEY, `msg_1.${SECONDS}.${BODY}`).toString('base64') }),
    code: 'signature_prefix',
    says: /lacks the prefix v1,/,
  },
  {
    what: 'a signature over time and body alone',
    headers: v1(mac(KEY, `${SECONDS}.${BODY}`)),
    code: 'signed_content',
    says: /the time, a dot and the body/,
  },
  {
    what: 'a signature over id and body alone',
    headers: v1(mac(KEY, `msg_1.${BODY}`)),
    code: 'signed_content',
    says: /without the time/,
  },
  {
    what: 'a signature over the body alone',
    headers: v1(mac(KEY, BODY)),
    code: 'signed_content',
    says: /the body alone/,
  },
  {
    what: 'id and time in the wrong order',
    headers: v1(mac(KEY, `${SECONDS}.msg_1.${BODY}`)),
    code: 'signed_content',
    says: /in this order/,
  },
  {
    what: 'a time in milliseconds',
    headers: headersOf({ time: `${SECONDS}000` }),
    code: 'timestamp_unit',
    says: /milliseconds/,
  },
  {
    what: 'an old delivery',
    headers: headersOf({ time: String(SECONDS - 10_000) }),
    code: 'clock_skew',
    says: /10000 s old/,
  },
  {
    what: 'a proxy that removed the id',
    headers: without('webhook-id'),
    code: 'headers_incomplete',
    says: /lacks webhook-id/,
  },
  {
    what: 'a proxy that removed the time',
    headers: without('webhook-timestamp'),
    code: 'headers_incomplete',
    says: /lacks webhook-timestamp/,
  },
  {
    what: 'a mixture of two families',
    headers: {
      ...without('webhook-signature'),
      ...without('svix-id', without('svix-timestamp', headersOf({ family: 'svix' }))),
    },
    code: 'headers_incomplete',
    says: /lacks svix-id and svix-timestamp/,
  },
  {
    what: 'a proxy that doubled the signature',
    headers: { ...headersOf(), 'webhook-signature': Array(2).fill(headersOf()['webhook-signature']) },
    code: 'signature_repeated',
    says: /more than once/,
  },
  {
    what: 'a secret for a v1a signature',
    headers: headersOf({ signature: `v1a,${Buffer.alloc(64, 1).toString('base64')}` }),
    code: 'signature_algorithm',
    says: /v1a, made with a private key/,
  },
  {
    what: 'a public key for a v1 signature',
    secret: publicKey,
    code: 'signature_algorithm',
    says: /v1, made with a shared secret/,
  },
]

describe('diagnose, for Standard Webhooks,', () => {
  it.each(CASES.map((row) => [row.what, row] as const))(
    'names %s',
    (_what, { headers = headersOf(), secret = SECRET, body = BODY, code, says }) => {
      const diagnosis = diagnose({ provider: acme, secrets: [secret], headers, body, now: SECONDS * 1000 })
      expect(diagnosis).toMatchObject({ code, verdict: code === 'accepted' ? 'accepted' : 'explained' })
      expect(diagnosis.message).toMatch(says)
      // Whoever reads it learns nothing to sign with.
      expect(JSON.stringify(diagnosis)).not.toContain(SECRET.slice(6))
      expect(JSON.stringify(diagnosis)).not.toContain(
        mac(KEY, `msg_1.${SECONDS}.${BODY}`).toString('base64').slice(0, 20),
      )
    },
  )
})

/** Time and signature in one header, as Stripe and others have it. */
const paired = ({ secrets }: { secrets: DiagnoseOptions['secrets'] }) =>
  defineProvider({
    name: 'paired',
    signature: {
      header: 'x-paired',
      pair: 'v1',
      secrets,
      readings: [{ content: ['time', { text: '.' }, 'body'] }],
    },
    timestamp: { pair: 't', format: 'unix-seconds', maxAgeSeconds: 300, maxAheadSeconds: 300 },
    retries: { spanMs: 3_600_000, maxHandlerMs: 60_000 },
    describe: ({ id, type }) => ({ id, type }),
    events: () => ({}),
  })

const PAIRED_SECRET = 'a-paired-signing-secret'

describe('diagnose, for time and signature in one header,', () => {
  const signed = (content: string, time = SECONDS) =>
    `t=${time},v1=${createHmac('sha256', PAIRED_SECRET).update(content).digest('hex')}`

  it.each([
    ['an untouched delivery', signed(`${SECONDS}.${BODY}`), BODY, 'accepted'],
    [
      'a body that was parsed and printed again',
      signed(`${SECONDS}.${BODY}`),
      JSON.stringify(JSON.parse(BODY), null, 2),
      'body_reserialized',
    ],
    ['a signature over the body alone', signed(BODY), BODY, 'signed_content'],
    ['an old delivery', signed(`${SECONDS - 900}.${BODY}`, SECONDS - 900), BODY, 'clock_skew'],
    ['a time in milliseconds under the signature', signed(`${SECONDS}000.${BODY}`), BODY, 'timestamp_unit'],
  ])('names %s', (_what, header, body, code) => {
    const headers = { 'x-paired': header }
    expect(diagnose({ provider: paired, secrets: [PAIRED_SECRET], headers, body, now: SECONDS * 1000 })).toMatchObject({
      code,
    })
  })
})
