import { createHmac } from 'node:crypto'
import type { Provider } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { custom } from '../providers/custom.js'
import type { Sent } from '../request.js'
import { verdict } from '../verdict.js'

const SECRET = 'the-secret-of-acme'
const BODY = '{"id":"evt_1"}'
const SECONDS = 1_780_000_000
const WINDOW = { format: 'unix-seconds', maxAgeSeconds: 300, maxAheadSeconds: 300 }

const mac = (content: string) => createHmac('sha256', SECRET).update(content).digest('hex')
const GOOD = mac(BODY)
const TIMED = mac(`${SECONDS}.${BODY}`)

/** A provider whose signature stands where `place` says. */
const at = (place: object, rest: object = {}) =>
  custom({ signature: { secrets: [SECRET], readings: [{ content: ['body'] }], ...place }, ...rest })

const timed = { readings: [{ content: ['time', { text: '.' }, 'body'] }] }
const token = { readings: [{ algorithm: 'token' }] }

const inHeader = at({ header: 'X-Acme' })
const beside = at({ header: 'x-acme', ...timed }, { timestamp: { header: 'X-Time', ...WINDOW } })
const inPair = at({ header: 'x-acme', pair: 'v1', ...timed }, { timestamp: { pair: 't', ...WINDOW } })
const inPairAlone = at({ header: 'x-acme', pair: 'v1', ...timed }, { timestamp: { header: 'X-Time', ...WINDOW } })
const inQuery = at({ query: 'token', ...token })
const inField = at({ field: 'auth.token', ...token })
const basic = at({ authorization: 'Basic', secrets: ['ada:secret'], ...token })
const bearer = at({ authorization: 'Bearer', ...token })
const families = at({
  families: [
    { signature: 'A-Sig', id: 'A-Id' },
    { signature: 'b-sig', id: 'b-id' },
  ],
  readings: [{ content: ['id', { text: '.' }, 'body'] }],
})

const bare = at({ families: [{ signature: 'a-sig' }, { signature: 'b-sig' }] })
const untimed = at(
  { families: [{ signature: 'a-sig' }, { signature: 'b-sig' }], ...timed },
  { timestamp: { header: 'X-Time', ...WINDOW } },
)

const inFields = at(
  { field: 'sig.mac', readings: [{ content: ['time', { field: 'sig.token' }] }] },
  { timestamp: { field: 'sig.time', ...WINDOW } },
)
const signedFields = (time: number) =>
  JSON.stringify({ sig: { mac: mac(`${time}abc`), token: 'abc', time: String(time) } })

const SIGNED_ID = mac(`msg_1.${BODY}`)
/** Characters of which only the lower bytes are those of the text. */
const above = (text: string) => [...text].map((letter) => String.fromCharCode(letter.charCodeAt(0) + 0x100)).join('')
const base64 = (text: string) => Buffer.from(text).toString('base64')

type Case = readonly [what: string, provider: Provider, sent: Partial<Sent>, code: string]

const header = (value: string, more: object = {}) => ({ headers: { 'x-acme': value, ...more } })

/** Parts with a good signature, of so many bytes together. */
const parted = (length: number) => `t=${SECONDS},v1=${TIMED},x=`.padEnd(length, 'y')

const authorization = (value: string) => ({ headers: { authorization: value } })

const CASES: readonly Case[] = [
  ['in a header, named in any case', inHeader, header(GOOD), 'accepted'],
  ['in no header', inHeader, {}, 'provider_unknown'],
  ['in an empty header', inHeader, header(''), 'signature_missing'],
  ['in a header of 8,193 bytes', inHeader, header('a'.repeat(8193)), 'signature_malformed'],
  [
    'in a header of bytes, as a text in UTF-8',
    at({ header: 'x-acme', secrets: ['Zürich'], ...token }),
    header('ZÃ¼rich'),
    'accepted',
  ],
  ['in a header with a time beside it', beside, header(TIMED, { 'x-time': `${SECONDS}` }), 'accepted'],
  ['in a header without the time beside it', beside, header(TIMED), 'timestamp_invalid'],

  ['in a part of a header', inPair, header(`t=${SECONDS},v1=${TIMED}`), 'accepted'],
  ['in one of two parts', inPair, header(`t=${SECONDS},v1=${GOOD},v1=${TIMED}`), 'accepted'],
  ['beside parts of other names', inPair, header(`t=${SECONDS},v0=x=y,v1=${TIMED},v-2=`), 'accepted'],
  ['in a part, its time in another header', inPairAlone, header(`v1=${TIMED}`, { 'x-time': `${SECONDS}` }), 'accepted'],
  ['in a part, its time nowhere', inPairAlone, header(`v1=${TIMED},t=${SECONDS}`), 'timestamp_invalid'],
  ['in a part without a time', inPair, header(`v1=${TIMED}`), 'timestamp_invalid'],
  ['in a part with two times', inPair, header(`t=${SECONDS},t=${SECONDS},v1=${TIMED}`), 'signature_repeated'],
  ['in no part', inPair, header(`t=${SECONDS},v2=${TIMED}`), 'signature_malformed'],
  ['in a part that is none', inPair, header(`t=${SECONDS},v1=${TIMED},x`), 'signature_malformed'],
  ['in a part behind a space', inPair, header(`t=${SECONDS}, v1=${TIMED}`), 'signature_malformed'],
  ['in the last of 32 parts', inPair, header(`t=${SECONDS},${'a=b,'.repeat(30)}v1=${TIMED}`), 'accepted'],
  ['in the last of 33 parts', inPair, header(`t=${SECONDS},${'a=b,'.repeat(31)}v1=${TIMED}`), 'signature_malformed'],

  ['in a header of parts, of 8,192 bytes', inPair, header(parted(8_192)), 'accepted'],
  ['in a header of parts, of 8,193 bytes', inPair, header(parted(8_193)), 'signature_malformed'],

  ['in the query', inQuery, { url: `/in?a=1&token=${SECRET}&b` }, 'accepted'],
  ['in the query, before a fragment', inQuery, { url: `/in?token=${SECRET}#token=x` }, 'accepted'],
  ['in the query, behind a second question mark', inQuery, { url: `/in?a=?&token=${SECRET}` }, 'accepted'],
  ['in the path', inQuery, { url: `/token=${SECRET}` }, 'provider_unknown'],
  ['in the query, which the adapter does not know', inQuery, {}, 'provider_unknown'],
  ['in the query twice', inQuery, { url: `/in?token=${SECRET}&token=${SECRET}` }, 'signature_repeated'],
  ['in the query, wrong', inQuery, { url: '/in?token=x' }, 'signature_invalid'],

  [
    'in the query, by characters',
    at({ query: 'token', secrets: ['Zürich-Ł'], ...token }),
    { url: `/in?token=${encodeURIComponent('Zürich-Ł')}` },
    'accepted',
  ],
  ['in fields, its time, too', inFields, { body: signedFields(SECONDS) }, 'accepted'],
  ['in fields, its time long ago', inFields, { body: signedFields(SECONDS - 301) }, 'timestamp_invalid'],
  ['in fields, its time nowhere', inFields, { body: `{"sig":{"mac":"${GOOD}"}}` }, 'signature_invalid'],

  ['in a field', inField, { body: `{"auth":{"token":"${SECRET}"}}` }, 'accepted'],
  ['in no field', inField, { body: '{"auth":"x"}' }, 'signature_invalid'],
  ['in an inherited field', at({ field: 'toString.name', ...token }), { body: '{}' }, 'signature_invalid'],

  ['as the password of Basic', basic, authorization(`Basic ${base64('ada:secret')}`), 'accepted'],
  ['as a Bearer token, in any case', bearer, authorization(`bEARER ${SECRET}`), 'accepted'],
  ['as a token of another scheme', bearer, authorization(`Basic ${SECRET}`), 'provider_unknown'],
  ['as no token', bearer, {}, 'provider_unknown'],
  ['as an empty token', bearer, authorization('Bearer '), 'signature_malformed'],
  ['as a token with a space', bearer, authorization(`Bearer ${SECRET.replace('-', ' ')}`), 'signature_invalid'],
  [
    'as a token with white space that splits it',
    at({ authorization: 'Bearer', secrets: ['ab'], ...token }),
    authorization('Bearer a b'),
    'signature_invalid',
  ],
  [
    'as a token with characters that no header has',
    bearer,
    authorization(`Bearer ${above(SECRET)}`),
    'signature_malformed',
  ],

  ['in the first family', families, { headers: { 'a-sig': SIGNED_ID, 'a-id': 'msg_1' } }, 'accepted'],
  ['in the second family', families, { headers: { 'b-sig': SIGNED_ID, 'b-id': 'msg_1' } }, 'accepted'],
  [
    'in the complete one of two families',
    families,
    { headers: { 'a-sig': SIGNED_ID, 'b-sig': SIGNED_ID, 'b-id': 'msg_1' } },
    'accepted',
  ],
  [
    'in two complete families',
    families,
    { headers: { 'a-sig': SIGNED_ID, 'a-id': 'msg_1', 'b-sig': SIGNED_ID, 'b-id': 'msg_1' } },
    'signature_repeated',
  ],
  [
    'with the id of another family',
    families,
    { headers: { 'a-sig': SIGNED_ID, 'b-id': 'msg_1' } },
    'signature_invalid',
  ],
  ['in the second family, without its id', families, { headers: { 'b-sig': SIGNED_ID } }, 'signature_invalid'],
  ['in two families without ids', bare, { headers: { 'a-sig': GOOD, 'b-sig': GOOD } }, 'signature_repeated'],
  [
    'in a family, its time in a header of its own',
    untimed,
    { headers: { 'b-sig': TIMED, 'x-time': `${SECONDS}` } },
    'accepted',
  ],
  ['in no family', families, { headers: { 'b-id': 'msg_1' } }, 'provider_unknown'],
]

describe('a signature', () => {
  it.each(CASES)('%s', async (_what, provider, sent, code) => {
    const outcome = await verdict(provider, { headers: {}, body: BODY, ...sent }, { now: () => SECONDS * 1000 })
    // The handler that is reached fails.
    expect(outcome.code ?? 'accepted').toBe(code)
  })

  // An operator finds the place by the message of the outcome.
  it.each<[string, Provider, Partial<Sent>]>([
    ['header x-acme', inHeader, header('')],
    ['header x-acme', inPair, header('t=1')],
    ['header x-acme', inHeader, header('\u0141'.repeat(64))],
    ['header x-acme', at({ header: 'X-Acme', separator: ' ' }), header(`${GOOD}, ${GOOD}`)],
    ['time t= of the signature header', inPair, header(`v1=${TIMED}`)],
    ['header x-time', beside, header(TIMED)],
    ['header x-time', beside, header(TIMED, { 'x-time': 'soon' })],
    ['header x-time', beside, header(TIMED, { 'x-time': `${SECONDS}, ${SECONDS}` })],
    ['field sig.time', inFields, { body: signedFields(Number.NaN) }],
    ['query parameter token', inQuery, { url: '/?token=a&token=b' }],
    ['header authorization', bearer, authorization('Bearer ')],
    ['signature, as a-sig and b-sig,', families, { headers: { 'a-sig': 'x', 'a-id': 'x', 'b-sig': 'x', 'b-id': 'x' } }],
  ])('that cannot be used is named by its place: %s', async (place, provider, sent) => {
    const { message } = await verdict(provider, { headers: {}, body: BODY, ...sent })
    expect(message).toContain(` ${place} `)
  })
})

describe('a provider', () => {
  it.each<[string, Provider, string, string | undefined]>([
    ['a header', inHeader, 'x-acme', undefined],
    ['a header with a time beside it', beside, 'x-acme', 'x-time'],
    ['families', families, 'a-sig', undefined],
    ['the query', inQuery, '', undefined],
    ['a field', inField, '', undefined],
    ['the credentials of HTTP', basic, 'authorization', undefined],
  ])('names the headers to recognise it by, where its signature stands in %s', (_where, provider, name, time) => {
    expect([provider.signatureHeader, provider.timestampHeader]).toEqual([name, time])
  })
})
