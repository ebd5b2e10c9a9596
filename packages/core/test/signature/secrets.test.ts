import { createHash } from 'node:crypto'
import { coldMailReseller, createReceiver, inboxKit, openMail } from '@mailbox-hooks/core'
import { deliveryPacker } from '@mailbox-hooks/core/queue'
import { describe, expect, it } from 'vitest'
import { custom } from '../providers/custom.js'

const SIGNATURE = { header: 'x-acme', readings: [{ name: 'body', trust: 'body' }] }

const OWNERS: readonly [string, (secret: string | Uint8Array) => unknown][] = [
  ['coldMailReseller', (secret) => coldMailReseller({ secrets: ['good', secret] })],
  ['inboxKit', (secret) => inboxKit({ secrets: ['good', secret] })],
  ['openMail', (secret) => openMail({ secrets: ['good', secret] })],
  ['defineProvider', (secret) => custom({ signature: { ...SIGNATURE, secrets: ['good', secret] } })],
]

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: templates that nobody expanded
const UNSET: readonly string[] = [
  'undefined',
  'null',
  'NULL',
  'NaN',
  'None',
  'false',
  'whsec_undefined',
  'Bearer:undefined',
  '[object Object]',
  '[object Promise]',
]

const UNEXPANDED: readonly string[] = [
  '${OPENMAIL_SECRET}',
  'whsec_${SECRET:-none}',
  '$OPENMAIL_SECRET',
  '$env:SECRET',
  '%OPENMAIL_SECRET%',
  '{{OPENMAIL_SECRET}}',
  '{{ .Values.secret }}',
  '#{Secret}#',
  '<%=secret%>',
  '$(SECRET)',
  '__SECRET__',
  'process.env.OPENMAIL_SECRET',
  'op://vault/openmail/secret',
  'arn:aws:secretsmanager:eu-west-1:1:secret:x',
]

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: they end here
const PLACEHOLDERS: readonly string[] = [
  '<your-secret>',
  '[secret]',
  'whsec_',
  'whsec_...',
  'whsec_…',
  'whsec_abc•••••',
  '********',
  'xxxxxxxx',
  'changeme',
  'change-me',
  'replace_with_your_secret',
  'YOUR_API_KEY',
  'your-webhook-secret-here',
  'whsec_your_secret',
  'secret-here',
  'TODO',
]

const SPOILT: readonly string[] = [
  'zero\u200bwidth',
  'key\u200d',
  'key\u00ad',
  'ke\u0000y',
  'key\u001b',
  '\ufeffkey',
  'key\ufffd',
  'key\ud800',
  'key\n',
  'key\r',
  '\tkey',
  'key\u00a0',
  'key\u2028',
  'key\\n',
  'key\\r',
  '"key"',
  '“key”',
  'key\u3164',
]

const bytes = (text: string) => new TextEncoder().encode(text)

const SPOILT_BYTES: readonly Uint8Array[] = [
  bytes('key\n'),
  bytes('key\r\n'),
  bytes(' key'),
  bytes('\ufeffkey'),
  bytes('zero\u200bwidth'),
  bytes('key\0'),
  bytes('\n'),
  ...UNSET.map(bytes),
  ...UNEXPANDED.map(bytes),
  ...PLACEHOLDERS.map(bytes),
]

describe.each(OWNERS)('%s', (_owner, create) => {
  it.each<[string, readonly (string | Uint8Array)[]]>([
    ['reads like a variable that is not set', UNSET],
    ['is a template that nobody expanded', UNEXPANDED],
    ['is a placeholder', PLACEHOLDERS],
    ['was spoilt on its way', SPOILT],
    ['is such a text as bytes', SPOILT_BYTES],
  ])('refuses a secret that %s', (_what, secrets) => {
    for (const secret of secrets) {
      expect(() => create(secret), String(secret)).toThrow(TypeError)
      expect(() => create(secret), String(secret)).toThrow(/secrets\[1\] /)
    }
  })

  it('never shows the secret that it refuses', () => {
    for (const secret of ['planted\u200b', 'planted\\n', '{{planted}}', '<planted>', '“planted”', bytes('planted\n')]) {
      expect(() => create(secret)).toThrow(TypeError)
      expect(() => create(secret)).not.toThrow(/planted/)
    }
  })

  it('takes any other secret', () => {
    const good = [
      'key',
      'x'.repeat(65),
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw_',
      'null-and-void',
      'undefined-behaviour',
      'my-secret',
      'Schlüssel',
      'a$b%c{d}e<f>g',
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.TJVA95OrM7E2cBab30RMHrHDcEfxjoYZgeFONFh7HgQ',
      bytes('"key"'),
      bytes('key\\n'),
      Uint8Array.from([10, 0, 13, 32, 255, 10]),
      Uint8Array.from([10, 1, 13, 32, 2, 10]),
    ]
    for (const secret of good) expect(() => create(secret), String(secret)).not.toThrow()
  })
})

describe('sealing keys', () => {
  it('that no secret may be are refused', () => {
    for (const key of [...UNSET, ...UNEXPANDED, ...PLACEHOLDERS, ...SPOILT]) {
      const pack = () => deliveryPacker('test', { sealingKeys: [key] })
      expect(pack, key).toThrow(TypeError)
      expect(pack, key).toThrow(/^test: sealingKeys\[0\] /)
    }
  })

  it('are not shown', () => {
    const pack = () => deliveryPacker('test', { sealingKeys: ['{{planted}}'] })
    expect(pack).toThrow(/template/)
    expect(pack).not.toThrow(/planted/)
    expect(() => deliveryPacker('test', { sealingKeys: [null as never] })).toThrow(/is undefined/)
  })
})

describe('a secret that two providers have in common', () => {
  const KEY = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const LONG = 'a-key-longer-than-the-block-of-its-hash-'.repeat(2)
  const acme = (...secrets: (string | Uint8Array)[]) => custom({ signature: { ...SIGNATURE, secrets } })
  const sha256 = (text: string) => createHash('sha256').update(text).digest()

  it.each<[string, Parameters<typeof createReceiver>[0]['providers'], RegExp]>([
    ['of two kinds', [openMail({ secrets: ['a', KEY] }), inboxKit({ secrets: [KEY] })], /openmail and inboxkit have/],
    [
      'of two accounts',
      [openMail({ secrets: [KEY], account: 'eu' }), openMail({ secrets: [KEY], account: 'us' })],
      /openmail \(account eu\) and openmail \(account us\) have a secret in common/,
    ],
    ['as text and bytes', [openMail({ secrets: [KEY] }), acme(bytes(KEY))], /openmail and acme/],
    ['in base64', [openMail({ secrets: [KEY] }), acme(Buffer.from(KEY, 'base64'))], /openmail and acme/],
    [
      'in base64 with + and /',
      [openMail({ secrets: [`${KEY}+/+/`] }), acme(Buffer.from(`${KEY}+/+/`, 'base64'))],
      /and acme/,
    ],
    [
      'in base64 with - and _',
      [openMail({ secrets: [`${KEY}-_-_`] }), acme(Buffer.from(`${KEY}+/+/`, 'base64'))],
      /and acme/,
    ],
    [
      'in base64 with padding',
      [openMail({ secrets: [`${KEY}aQ==`] }), acme(Buffer.from(`${KEY}aQ==`, 'base64'))],
      /and acme/,
    ],
    [
      'in base64 of 12 bytes',
      [openMail({ secrets: ['MfKQ9r8GKYqr'.padEnd(16, 'x')] }), acme(Buffer.from('MfKQ9r8GKYqrxxxx', 'base64'))],
      /and acme/,
    ],
    ['with whsec_', [openMail({ secrets: [`whsec_${KEY}`] }), acme(Buffer.from(KEY, 'base64'))], /openmail and acme/],
    ['in hex', [openMail({ secrets: ['00ff'.repeat(8)] }), acme(Buffer.from('00ff'.repeat(8), 'hex'))], /and acme/],
    ['as the hash of a long one', [openMail({ secrets: [LONG] }), acme(sha256(LONG))], /openmail and acme/],
    ["as another one's token", [inboxKit({ secrets: [KEY] }), acme(sha256(KEY))], /inboxkit and acme/],
  ])('is refused at start: %s', (_how, providers, message) => {
    const create = () => createReceiver({ providers, leaseMs: 5000 })
    expect(create).toThrow(TypeError)
    expect(create).toThrow(message)
    expect(create).not.toThrow(KEY)
  })

  it('is no matter for one provider, nor are secrets that are alike', () => {
    const providers = [openMail({ secrets: [KEY, KEY] }), inboxKit({ secrets: [`${KEY}2`] }), acme('x')]
    expect(() => createReceiver({ providers, leaseMs: 5000 })).not.toThrow()
  })

  // Any word of eight letters is the base64 of six bytes.
  it.each([
    ['a short word', 'abcdefgh', Buffer.from('abcdefgh', 'base64')],
    ['a text that begins as base64 does', `${KEY}!`, Buffer.from(KEY, 'base64')],
    ['a text that holds digits in hex', `key-${'00ff'.repeat(8)}`, Buffer.from('00ff'.repeat(8), 'hex')],
    ['a text that begins with digits in hex', `${'00ff'.repeat(8)}-key`, Buffer.from('00ff'.repeat(8), 'hex')],
  ])('is not found in %s, and what it would spell', (_what, text, key) => {
    const providers = [openMail({ secrets: [text] }), acme(key)]
    expect(() => createReceiver({ providers, leaseMs: 5000 })).not.toThrow()
  })
})
