import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type DiagnoseOptions, defineProvider, diagnose, type SignatureOptions } from '../../src/index.js'

const SECONDS = 1_780_000_000
const SECRET = 'the-secret-of-acme'
const BODY = '{"id":"evt_1","sig":{"token":"abc"}}'

type Scheme = Omit<SignatureOptions, 'secrets'>
type Rest = Partial<Parameters<typeof defineProvider>[0]>

/** A provider whose signature stands where `signature` says. */
const provider =
  (signature: Scheme, rest: Rest = {}): DiagnoseOptions['provider'] =>
  ({ secrets }) =>
    defineProvider({
      name: 'acme',
      signature: { ...signature, secrets },
      retries: { spanMs: 3_600_000, maxHandlerMs: 60_000 },
      describe: ({ id, type }) => ({ id, type }),
      events: () => ({}),
      ...rest,
    })

const token: Scheme['readings'] = [{ algorithm: 'token' }]
const inQuery = provider({ query: 'tok', readings: token })
const inField = provider({ field: 'auth.secret', readings: token })
const inForm = provider({ field: 'secret', readings: token }, { body: 'form' })
const inItems = provider({ field: 'secret', readings: token }, { list: 'value' })
const bearer = provider({ authorization: 'Bearer', readings: token })
const basic = provider({ authorization: 'Basic', readings: token })
const mailgun = provider(
  { field: 'sig.mac', readings: [{ content: ['time', { field: 'sig.token' }] }] },
  { timestamp: { field: 'sig.time', format: 'unix-seconds', maxAgeSeconds: 300, maxAheadSeconds: 300 } },
)
const window = { format: 'unix-seconds', maxAgeSeconds: 300, maxAheadSeconds: 300 } as const
const paired = provider(
  { header: 'x-paired', pair: 'v1', readings: [{ content: ['time', { text: '.' }, 'body'] }] },
  { timestamp: { pair: 't', ...window } },
)
const prefixed = provider({ header: 'x-acme', prefix: 'sha256=', readings: [{ content: ['body'] }] })

const mac = (content: string, hash = 'sha256', secret = SECRET) =>
  createHmac(hash, secret).update(content).digest('hex')

const signedFields = (time: number, secret = SECRET) =>
  JSON.stringify({ sig: { mac: mac(`${time}abc`, 'sha256', secret), token: 'abc', time: String(time) } })

type Case = readonly [what: string, of: DiagnoseOptions['provider'], request: Partial<DiagnoseOptions>, says: RegExp]

const CASES: readonly Case[] = [
  ['the right parameter', inQuery, { url: `/in?tok=${SECRET}` }, /^accepted: /],
  ['a wrong parameter', inQuery, { url: '/in?tok=other' }, /^none_fits: The request shows another secret/],
  ['no parameter', inQuery, { url: '/in?token=x' }, /^signature_missing: .* no query parameter tok\./],
  ['a parameter twice', inQuery, { url: `/in?tok=${SECRET}&tok=x` }, /^signature_repeated: /],
  ['an address that was not given', inQuery, {}, /^signature_missing: The address of the request is not known.* tok /],
  ['a newline behind the secret in the address', inQuery, { url: `/?tok=${SECRET}%0A` }, /^secret_white_space: /],
  ['the right field', inField, { body: `{"auth":{"secret":"${SECRET}"}}` }, /^accepted: /],
  ['a wrong field', inField, { body: '{"auth":{"secret":"other"}}' }, /^none_fits: The request shows another secret/],
  ['no field', inField, { body: '{"auth":"x"}' }, /^signature_missing: .* field auth\.secret/],
  [
    'a body that is not JSON',
    inField,
    { body: 'rubbish' },
    /^signature_missing: The body cannot be parsed.* auth\.secret/,
  ],
  ['the right field of a form', inForm, { body: `a=1&secret=${SECRET}` }, /^accepted: /],
  ['the right field of each item', inItems, { body: `{"value":[{"secret":"${SECRET}"}]}` }, /^accepted: /],
  ['an item without the field', inItems, { body: `{"value":[{"secret":"${SECRET}"},{}]}` }, /^signature_missing: /],
  ['a signature over fields', mailgun, { body: signedFields(SECONDS) }, /^accepted: /],
  ['an old signature over fields', mailgun, { body: signedFields(SECONDS - 900) }, /^clock_skew: .* 900 s old/],
  [
    'another secret over fields',
    mailgun,
    { body: signedFields(SECONDS, 'other') },
    /^none_fits: The signature is wrong/,
  ],
  ['quotes around a secret over fields', mailgun, { body: signedFields(SECONDS, `"${SECRET}"`) }, /^secret_quoted: /],
  ['a Bearer token', bearer, { headers: { Authorization: `Bearer ${SECRET}` } }, /^accepted: /],
  [
    'a token without Bearer',
    bearer,
    { headers: { Authorization: SECRET } },
    /^signature_prefix: .* instead of Bearer\./,
  ],
  [
    'a token behind another word',
    bearer,
    { headers: { Authorization: `Token ${SECRET}` } },
    /^signature_prefix: .* Bearer/,
  ],
  ['a wrong Bearer token', bearer, { headers: { Authorization: 'Bearer x' } }, /^none_fits: The request shows another/],
  ['another scheme', bearer, { headers: { Authorization: 'Digest x' } }, /^signature_malformed: .* Expected is Bearer/],
  [
    'user and password that are not in base64',
    basic,
    { secrets: ['ada:the-password'], headers: { authorization: 'Basic ada:the-password' } },
    /^signature_prefix: .* not in base64/,
  ],
  [
    'parts with a space between',
    paired,
    { headers: { 'x-paired': `t=${SECONDS}, v1=${mac(`${SECONDS}.${BODY}`)}` } },
    /^signature_malformed: .* white space stands between/,
  ],
  [
    'SHA-1 in place of SHA-256',
    prefixed,
    { headers: { 'x-acme': `sha1=${mac(BODY, 'sha1')}` } },
    /^signature_algorithm: .* HMAC-SHA1, .* HMAC-SHA256/,
  ],
  [
    'SHA-1 under the right prefix',
    prefixed,
    { headers: { 'x-acme': `sha256=${mac(BODY, 'sha1')}` } },
    /^signature_algorithm: /,
  ],
  [
    'SHA-512 in a part',
    paired,
    { headers: { 'x-paired': `t=${SECONDS},v1=${mac(`${SECONDS}.${BODY}`, 'sha512')}` } },
    /^signature_algorithm: .* HMAC-SHA512/,
  ],
  [
    'a form of which nothing is known',
    prefixed,
    { headers: { 'x-acme': 'rubbish' } },
    /Expected is .* sha256= and HMAC-SHA256 in hex/,
  ],
]

describe('diagnose, wherever a signature stands,', () => {
  it.each(CASES)('names %s', (_what, create, request, says) => {
    const diagnosis = diagnose({
      provider: create,
      secrets: [SECRET],
      headers: {},
      body: BODY,
      now: SECONDS * 1000,
      ...request,
    })
    expect(`${diagnosis.code}: ${diagnosis.message} ${diagnosis.advice ?? ''}`).toMatch(says)
    expect(JSON.stringify(diagnosis)).not.toMatch(/the-secret-of-acme|the-password/)
  })
})
