import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  coldMailReseller,
  type DiagnoseOptions,
  defineProvider,
  diagnose,
  inboxKit,
  openMail,
  type Secret,
} from '../../src/index.js'

const NOW = Date.parse('2026-03-01T09:00:00Z')
const SECONDS = String(NOW / 1000)
const SECRET = 'openmail-webhook-secret'
const VALUE = 'Zoë writes to <ada@example.com> about 1/2 — twice'
const PAYLOAD = { event: 'message.received', z: VALUE, price: 11, list: [1, { a: null }], empty: {} }
const BODY = JSON.stringify(PAYLOAD)

/** The sender's side, from the documents and from nothing of the core. */
const hmac = (content: string | Uint8Array, { secret = SECRET as Secret, before = `${SECONDS}.` } = {}) =>
  createHmac('sha256', secret).update(before).update(content)

const headersWith = (signature: string, timestamp = SECONDS) => ({ 'X-Signature': signature, 'X-Timestamp': timestamp })

/** The parts that were signed, and the parts that then arrive. */
interface Mishap {
  readonly signed?: string | Uint8Array
  readonly arrived?: string | Uint8Array
  readonly signingSecret?: Secret
  readonly before?: string
  readonly write?: (hex: string) => string
  readonly timestamp?: string
  readonly configured?: DiagnoseOptions['secrets']
  readonly otherSecrets?: DiagnoseOptions['otherSecrets']
  readonly now?: number
}

function diagnoseOpenMail({ signed = BODY, arrived = signed, write = (hex) => hex, ...mishap }: Mishap = {}) {
  const { signingSecret = SECRET, timestamp = SECONDS, before = `${timestamp}.`, now = NOW } = mishap
  const diagnosis = diagnose({
    provider: openMail,
    secrets: mishap.configured ?? [SECRET],
    otherSecrets: mishap.otherSecrets,
    headers: headersWith(write(hmac(signed, { secret: signingSecret, before }).digest('hex')), timestamp),
    body: arrived,
    now,
  })
  expectNothingGivenAway(diagnosis, signed)
  return diagnosis
}

function expectNothingGivenAway(diagnosis: object, body: string | Uint8Array) {
  const told = JSON.stringify(diagnosis)
  for (const secret of [SECRET, 'inboxkit-team-key', 'Zoë', 'ada@example.com']) expect(told).not.toContain(secret)
  const right = hmac(body).digest()
  for (const encoding of ['hex', 'base64'] as const) expect(told).not.toContain(right.toString(encoding))
}

const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64')

const latin1 = (text: string) => Buffer.from(text, 'latin1')

describe('diagnose', () => {
  it('finds nothing wrong with a delivery that is accepted', () => {
    expect(diagnoseOpenMail()).toEqual({
      verdict: 'accepted',
      code: 'accepted',
      message: expect.any(String),
      reading: 'timestamp.body/hex',
      clock: { sentAt: new Date(NOW), ageMs: 0, isWithinWindow: true },
    })
  })

  it('says that none fits for a random signature', () => {
    expect(diagnoseOpenMail({ signingSecret: 'somebody else', write: () => '5e'.repeat(32) })).toMatchObject({
      verdict: 'unexplained',
      code: 'none_fits',
    })
    expect(diagnoseOpenMail({ signingSecret: 'somebody else' })).toMatchObject({ code: 'none_fits' })
  })

  it('says that none fits when a value of the payload was changed', () => {
    expect(diagnoseOpenMail({ arrived: BODY.replace('11', '12') })).toMatchObject({ code: 'none_fits' })
  })

  it('asks for the body where there is none', () => {
    expect(diagnoseOpenMail({ arrived: '' })).toMatchObject({ verdict: 'explained', code: 'body_missing' })
    expect(diagnoseOpenMail({ signed: '' })).toMatchObject({ code: 'accepted' })
    expect(diagnoseOpenMail({ signed: '', signingSecret: `${SECRET}\n` })).toMatchObject({ code: 'secret_white_space' })
    expect(diagnoseOpenMail({ arrived: '', write: (hex) => hex.slice(1) })).toMatchObject({
      code: 'signature_malformed',
    })
  })

  it('says that none fits for two mistakes at once', () => {
    expect(diagnoseOpenMail({ signingSecret: `${SECRET}\n`, arrived: `${BODY}\n` })).toMatchObject({
      code: 'none_fits',
    })
  })
})

describe('diagnose names what happened to the body', () => {
  const indented = (indent: string | number) => JSON.stringify(PAYLOAD, null, indent)
  const python = BODY.replaceAll('":', '": ').replaceAll(',"', ', "').replace('1,{', '1, {')
  const ascii = (text: string) => text.replace('ë', '\\u00eb').replace('—', '\\u2014')
  const sorted = JSON.stringify({ empty: {}, event: PAYLOAD.event, list: PAYLOAD.list, price: 11, z: VALUE })

  it.each<[string, string, string, RegExp]>([
    ['indented by two', indented(2), BODY, /signed indented by 2 spaces and arrived compact/],
    ['indented by four', indented(4), BODY, /signed indented by 4 spaces and arrived compact/],
    ['indented by tabs, as a file', `${indented('\t')}\n`, BODY, /indented by tabs, with a newline at the end/],
    ['compact, and indented on its way', BODY, indented(2), /signed compact .* arrived indented by 2 spaces/],
    ["as Python's json.dumps", ascii(python), BODY, /Python.*other characters than ASCII escaped and arrived compact/],
    ['as Python without escapes', python, BODY, /space after each comma and colon/],
    ["as PHP's json_encode", ascii(BODY.replaceAll('/', '\\/')), BODY, /PHP/],
    ["as Go's encoding/json", BODY.replace('<', '\\u003c').replace('>', '\\u003e'), BODY, /Go's/],
    ['escaped, and unescaped on its way', ascii(BODY), BODY, /ASCII escaped/],
    ['as Jackson', BODY.replace('ë', '\\u00EB').replace('—', '\\u2014'), BODY, /escaped in upper case \(as Jackson/],
    [
      "as .NET's System.Text.Json",
      BODY.replace('ë', '\\u00EB').replace('—', '\\u2014').replace('<', '\\u003C').replace('>', '\\u003E'),
      BODY,
      /System\.Text\.Json writes it/,
    ],
    [
      "as .NET's System.Text.Json, with quotes, backslashes and emoji",
      String.raw`{"a":"\u0022\\\u0027\u0026\u002B\u0060\n\/ \uD83C\uDF89"}`.replace('\\/', '/'),
      JSON.stringify({ a: `"\\'&+\`\n/ 🎉` }),
      /System\.Text\.Json writes it/,
    ],
    ['with its keys in order', sorted, BODY, /keys sorted/],
    ['with decimals', BODY.replace(':11', ':11.0').replace('[1', '[1.0'), BODY, /whole numbers as decimals/],
  ])('re-serialised: signed %s', (_how, signed, arrived, message) => {
    expect(diagnoseOpenMail({ signed, arrived })).toMatchObject({
      code: 'body_reserialized',
      message: expect.stringMatching(message),
    })
  })

  it.each<[string, string]>([
    ['as a JSON string of itself', JSON.stringify(BODY)],
    ['as the JSON of a Buffer', JSON.stringify(Buffer.from(BODY))],
  ])('re-serialised: it arrived %s', (_how, arrived) => {
    expect(diagnoseOpenMail({ arrived })).toMatchObject({ code: 'body_reserialized' })
  })

  it('keeps numbers as they stand when it writes the JSON anew', () => {
    const signed = '{ "event":"x", "price":8.1600, "id":12345678901234567890 }'
    expect(diagnoseOpenMail({ signed: signed.replaceAll(/\s/g, ''), arrived: signed })).toMatchObject({
      code: 'body_reserialized',
    })
  })

  it.each<[string, string, string | Uint8Array, string | Uint8Array, RegExp]>([
    ['a newline that was added', 'body_white_space', BODY, `${BODY}\n`, /newline was added/],
    ['a newline (CR LF) that was added', 'body_white_space', BODY, `${BODY}\r\n`, /newline was added/],
    ['a newline that was lost', 'body_white_space', `${BODY}\n`, BODY, /newline .* was lost/],
    ['a newline (CR LF) that was lost', 'body_white_space', `${BODY}\r\n`, BODY, /CR LF.* was lost/],
    ['a BOM that was added', 'body_byte_order_mark', BODY, `\uFEFF${BODY}`, /added to/],
    ['a BOM that was removed', 'body_byte_order_mark', `\uFEFF${BODY}`, BODY, /removed/],
    ['CR LF that became LF', 'body_line_endings', '{\r\n"a":1}', '{\n"a":1}', /from CR LF to LF/],
    ['LF that became CR LF', 'body_line_endings', '{\n"a":1}', '{\r\n"a":1}', /from LF to CR LF/],
    ['UTF-8 read as Latin-1', 'body_charset', '"Zoë"', Buffer.from('"Zoë"').toString('latin1'), /Latin-1/],
    ['UTF-8 read as Windows-1252', 'body_charset', '"1 €"', '"1 â‚¬"', /Windows-1252/],
    ['Latin-1 for UTF-8', 'body_charset', '"Zoë"', latin1('"Zoë"'), /arrived as Latin-1/],
    ['UTF-16 for UTF-8', 'body_charset', BODY, Buffer.from(BODY, 'utf16le'), /arrived as UTF-16/],
    ['UTF-8 for UTF-16', 'body_charset', Buffer.from(BODY, 'utf16le'), BODY, /signed as UTF-16/],
  ])('%s', (_what, code, signed, arrived, message) => {
    expect(diagnoseOpenMail({ signed, arrived })).toMatchObject({ code, message: expect.stringMatching(message) })
  })
})

describe('diagnose names what is wrong with the secret', () => {
  it.each<[string, string, Mishap]>([
    ['a newline after the configured one', 'secret_white_space', { configured: [`${SECRET}\n`] }],
    ['spaces around the configured one', 'secret_white_space', { configured: [` ${SECRET} `] }],
    ["a newline after the sender's", 'secret_white_space', { signingSecret: `${SECRET}\n` }],
    ["CR LF after the sender's", 'secret_white_space', { signingSecret: `${SECRET}\r\n` }],
    ["a space before the sender's", 'secret_white_space', { signingSecret: ` ${SECRET}` }],
    ['quotes around the configured one', 'secret_quoted', { configured: [`"${SECRET}"`] }],
    ['quotes and a newline around the configured one', 'secret_quoted', { configured: [`'${SECRET}'\n`] }],
    ["quotes around the sender's", 'secret_quoted', { signingSecret: `"${SECRET}"` }],
    ['one that was decoded as base64', 'secret_encoded', { signingSecret: Buffer.from(SECRET, 'base64') }],
    ['one that was written in hex', 'secret_encoded', { signingSecret: Buffer.from(SECRET).toString('hex') }],
    ['a zero-width space after the configured one', 'secret_white_space', { configured: [`${SECRET}\u200b`] }],
    [
      'a zero-width joiner in the configured one',
      'secret_white_space',
      { configured: [`open\u200d${SECRET.slice(4)}`] },
    ],
    [
      'a byte order mark and a space around the configured one',
      'secret_white_space',
      { configured: [`\ufeff\u2060 ${SECRET} `] },
    ],
    ["a zero-width space after the sender's", 'secret_white_space', { signingSecret: `${SECRET}\u200b` }],
    ["a byte order mark before the sender's", 'secret_white_space', { signingSecret: `\ufeff${SECRET}` }],
    ['a literal \\n after the configured one', 'secret_white_space', { configured: [`${SECRET}\\n`] }],
    ['a literal \\r\\n after the configured one', 'secret_white_space', { configured: [`${SECRET}\\r\\n`] }],
    [
      'a literal \\n that was to be a line end',
      'secret_white_space',
      { configured: [`one\\n${SECRET}`], signingSecret: `one\n${SECRET}` },
    ],
    [
      'a literal \\r\\n that was to be a line end',
      'secret_white_space',
      { configured: [`one\\r\\n${SECRET}`], signingSecret: `one\r\n${SECRET}` },
    ],
    ["a literal \\n after the sender's", 'secret_white_space', { signingSecret: `${SECRET}\\n` }],
    ['none', 'secret_missing', { configured: [undefined, ''] }],
  ])('%s', (_what, code, mishap) => {
    expect(diagnoseOpenMail(mishap)).toMatchObject({ verdict: 'explained', code })
  })

  it('one of another provider, by name', () => {
    const otherSecrets = { coldMailReseller: [undefined], inboxKit: ['inboxkit-team-key'] }
    expect(diagnoseOpenMail({ signingSecret: 'inboxkit-team-key', otherSecrets })).toMatchObject({
      code: 'secret_of_another_provider',
      message: 'The signature was made with the secret of inboxKit.',
    })
  })

  it('tries each of several', () => {
    expect(diagnoseOpenMail({ configured: ['another', SECRET] })).toMatchObject({ code: 'accepted' })
    expect(diagnoseOpenMail({ configured: ['another', `${SECRET} `] })).toMatchObject({ code: 'secret_white_space' })
  })
})

describe('diagnose names what is wrong with the headers', () => {
  it.each<[string, string, Mishap]>([
    ['base64 for hex', 'signature_encoding', { write: base64 }],
    ['base64url for hex', 'signature_encoding', { write: (hex) => Buffer.from(hex, 'hex').toString('base64url') }],
    ['base64 of the hex text', 'signature_encoding', { write: (hex) => Buffer.from(hex).toString('base64') }],
    ['a prefix that does not belong', 'signature_prefix', { write: (hex) => `sha256=${hex}` }],
    ['a signature that is none', 'signature_malformed', { write: (hex) => hex.slice(1) }],
    ['a signature twice', 'signature_repeated', { write: (hex) => `${hex}, ${hex}` }],
    ['no signature', 'signature_missing', { write: () => '' }],
    ['a time that is none', 'timestamp_malformed', { timestamp: 'yesterday' }],
  ])('%s', (_what, code, mishap) => {
    expect(diagnoseOpenMail(mishap)).toMatchObject({ verdict: 'explained', code })
  })

  it('a prefix that is missing', () => {
    const signature = createHash('sha256').update('inboxkit-team-key').digest('hex')
    const headers = { 'x-inboxkit-signature': signature, 'x-inboxkit-timestamp': new Date(NOW).toISOString() }
    const request = { provider: inboxKit, secrets: ['inboxkit-team-key'], headers, body: BODY, now: NOW }
    expect(diagnose(request)).toMatchObject({ code: 'signature_prefix', message: expect.stringContaining('sha256=') })
  })

  it.each([
    ['base64url', /[-_]/, (signature: string) => signature, 'base64url instead of base64'],
    ['base64url', /^[^-_]*$/, (signature: string) => signature, 'base64url instead of base64'],
    [
      'base64',
      /[+/]/,
      (signature: string) => signature.replace('=', ''),
      'base64 without its padding instead of base64',
    ],
  ] as const)('%s with %s for base64, instead of hex is accepted too', (encoding, characters, write, message) => {
    const { body, signature } = signedLike(encoding, characters)
    const headers = { 'cmr-x-signature': write(signature), 'cmr-x-timestamp': SECONDS }
    const request = { provider: coldMailReseller, secrets: [SECRET], headers, body, now: NOW }
    expect(diagnose(request)).toMatchObject({
      code: 'signature_encoding',
      message: `The signature is right, but written in ${message}.`,
    })
  })

  /** A body whose signature is written with such characters. */
  function signedLike(encoding: 'base64' | 'base64url', characters: RegExp) {
    for (let price = 0; ; price++) {
      const body = JSON.stringify({ ...PAYLOAD, price })
      const signature = hmac(body, { before: '' }).digest(encoding)
      if (characters.test(signature)) return { body, signature }
    }
  }

  it('hex for base64, where base64 is pinned', () => {
    const headers = { 'cmr-x-signature': hmac(BODY, { before: '' }).digest('hex'), 'cmr-x-timestamp': SECONDS }
    const provider = (options: { secrets: readonly Secret[] }) => coldMailReseller({ ...options, encoding: 'base64' })
    expect(diagnose({ provider, secrets: [SECRET], headers, body: BODY, now: NOW })).toMatchObject({
      code: 'signature_encoding',
      message: expect.stringContaining('written in hex instead of base64'),
    })
  })
})

describe('diagnose names the other signed string', () => {
  it.each<[string, string]>([
    ['the body alone', ''],
    ['the time and the body without a dot', SECONDS],
  ])('%s', (_what, before) => {
    expect(diagnoseOpenMail({ before })).toMatchObject({ code: 'signed_content' })
  })

  it('the time and the body, where the body alone is pinned', () => {
    const headers = { 'cmr-x-signature': hmac(BODY).digest('hex'), 'cmr-x-timestamp': SECONDS }
    const request = { secrets: [SECRET], headers, body: BODY, now: NOW }
    expect(
      diagnose({ ...request, provider: (options) => coldMailReseller({ ...options, signedContent: 'body' }) }),
    ).toMatchObject({ code: 'signed_content', message: expect.stringContaining('the time, a dot and the body') })
    expect(diagnose({ ...request, provider: coldMailReseller })).toMatchObject({ reading: 'timestamp.body/hex' })
  })
})

describe('diagnose names what is wrong with the time', () => {
  it.each<[string, Mishap]>([
    ['milliseconds in the header and in the signature', { timestamp: String(NOW) }],
    ['milliseconds in the signature, seconds in the header', { before: `${NOW + 457}.` }],
    ['seconds in the signature, milliseconds in the header', { timestamp: String(NOW), before: `${SECONDS}.` }],
  ])('%s', (_what, mishap) => {
    expect(diagnoseOpenMail(mishap)).toMatchObject({ verdict: 'explained', code: 'timestamp_unit' })
  })

  it('Unix seconds where ISO 8601 is expected', () => {
    const signature = `sha256=${createHash('sha256').update('inboxkit-team-key').digest('hex')}`
    const headers = { 'x-inboxkit-signature': signature, 'x-inboxkit-timestamp': SECONDS }
    expect(
      diagnose({ provider: inboxKit, secrets: ['inboxkit-team-key'], headers, body: BODY, now: NOW }),
    ).toMatchObject({ code: 'timestamp_unit', message: expect.stringContaining('Unix seconds') })
  })

  it.each([
    [412, /412 s old/],
    [-412, /412 s ahead/],
  ])('a clock that is %i s off', (seconds, message) => {
    expect(diagnoseOpenMail({ now: NOW + seconds * 1000 })).toEqual({
      verdict: 'explained',
      code: 'clock_skew',
      message: expect.stringMatching(message),
      advice: expect.any(String),
      reading: 'timestamp.body/hex',
      clock: { sentAt: new Date(NOW), ageMs: seconds * 1000, isWithinWindow: false },
    })
  })

  it('tells the skew beside another mistake', () => {
    expect(diagnoseOpenMail({ now: NOW + 412_000, arrived: `${BODY}\n` })).toMatchObject({
      code: 'body_white_space',
      clock: { ageMs: 412_000, isWithinWindow: false },
    })
  })
})

it('diagnose names zero-width characters that came into the body', () => {
  expect(diagnoseOpenMail({ arrived: BODY.replace('Zoë', 'Z\u200boë') })).toMatchObject({
    code: 'body_charset',
    message: expect.stringContaining('cannot be seen'),
  })
})

describe('diagnose of a provider of your own, whose secrets are encoded,', () => {
  const KEY = Buffer.from('the key of acme, 32 bytes of it.')
  const spelt = `whsec_${KEY.toString('base64')}`
  const acme = ({ secrets }: { secrets: readonly Secret[] }) =>
    defineProvider({
      name: 'acme',
      signature: {
        header: 'x-acme',
        secrets,
        key: 'standard-webhooks',
        encodings: ['base64'],
        readings: [{ content: ['body'] }],
      },
      retries: { spanMs: 60_000, maxHandlerMs: 10_000 },
      describe: () => ({}),
      events: () => ({}),
    })
  const diagnoseAcme = (secret: string, key: Uint8Array = KEY) =>
    diagnose({
      provider: acme,
      secrets: [secret],
      headers: { 'x-acme': createHmac('sha256', key).update(BODY).digest('base64') },
      body: BODY,
    })

  it.each<[string, string, Uint8Array | undefined]>([
    ['accepted', spelt, undefined],
    ['secret_white_space', `${spelt}\n`, undefined],
    ['secret_white_space', `${spelt}\u200b`, undefined],
    ['none_fits', spelt, Buffer.from('another key')],
  ])('says %s', (code, secret, key) => {
    expect(diagnoseAcme(secret, key)).toMatchObject({ code })
  })
})
