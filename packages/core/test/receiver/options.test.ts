import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { coldMailReseller, createReceiver, defineProvider, inboxKit, memoryStore, openMail } from '@mailbox-hooks/core'
import { signedDelivery } from '@mailbox-hooks/testing'
import { describe, expect, it, vi } from 'vitest'
import { custom } from '../providers/custom.js'
import { answerTo } from '../request.js'

const secrets = ['key']
const mail = openMail({ secrets })

/** Passes options that the types forbid, as a JavaScript user may. */
const create = (options: object) => () =>
  createReceiver({ providers: [mail], store: memoryStore(), ...options } as never)

describe('wrong options', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['no secrets', () => openMail({ secrets: [] }), /openmail: secrets must be a list with at least one secret/],
    ['secrets that are no list', () => openMail({ secrets: 'key' as never }), /must be a list/],
    [
      'a secret that is not set',
      () => openMail({ secrets: [undefined] }),
      /secrets\[0\] is undefined: is its environment variable set/,
    ],
    ['an empty secret', () => inboxKit({ secrets: ['good', ''] }), /secrets\[1\] is empty/],
    ['a secret with a line break', () => coldMailReseller({ secrets: ['key\n'] }), /white space/],
    ['a secret with a space before it', () => coldMailReseller({ secrets: [' key'] }), /white space/],
    [
      'a secret in quotes',
      () => openMail({ secrets: ['good', '"key"'] }),
      /openmail: secrets\[1\] is wrapped in quotes/,
    ],
    ['a secret in single quotes', () => inboxKit({ secrets: ["'key'"] }), /secrets\[0\] is wrapped in quotes/],
    ['a secret in back quotes', () => coldMailReseller({ secrets: ['`key`'] }), /wrapped in quotes/],
    ['nothing in quotes', () => openMail({ secrets: ['""'] }), /wrapped in quotes/],
    ['an age of 0', () => openMail({ secrets, maxAgeSeconds: 0 }), /maxAgeSeconds must be a number of seconds above 0/],
    ['an age without end', () => openMail({ secrets, maxAgeSeconds: Number.POSITIVE_INFINITY }), /maxAgeSeconds/],
    ['no tolerance ahead', () => openMail({ secrets, maxAheadSeconds: Number.NaN }), /maxAheadSeconds/],
    [
      'an unknown signedContent',
      () => coldMailReseller({ secrets, signedContent: 'headers' as never }),
      /signedContent must be 'timestamp.body' or 'body'/,
    ],
    ['an unknown encoding', () => coldMailReseller({ secrets, encoding: 'base32' as never }), /encoding must be/],
    ['an empty account', () => openMail({ secrets, account: '' }), /account/],
    ['no options', () => createReceiver(undefined as never), /providers must be a list with at least one provider/],
    [
      'a request of Node, where the middleware was not made yet',
      () => createReceiver(new IncomingMessage(new Socket()) as never),
      /this is a request.*app\.post\(path, webhooks\(options\), handler\)/,
    ],
    ['a context of Koa, likewise', () => createReceiver({ req: {}, res: {} } as never), /this is a request/],
    ['no providers', create({ providers: [] }), /at least one provider/],
    [
      'a provider that is none',
      create({ providers: [{}] }),
      /made by defineProvider\(\), standardWebhooks\(\) or a built-in function/,
    ],
    ['one provider twice', create({ providers: [mail, openMail({ secrets })] }), /openmail is listed twice.*account/],
    [
      'a lease longer than the retries',
      create({ leaseMs: 600_000 }),
      /leaseMs \(600000\) must be shorter than openmail keeps retrying/,
    ],
    [
      'a retention shorter than the retries',
      create({ retentionMs: 1000 }),
      /retentionMs \(1000\) must be at least as long as openmail keeps retrying/,
    ],
    ['a lease of 0', create({ leaseMs: 0 }), /leaseMs must be a number above 0/],
    ['a limit that is a text', create({ limitBytes: '5mb' }), /limitBytes must be a whole number above 0/],
    ['half a byte', create({ limitBytes: 1.5 }), /limitBytes must be a whole number above 0/],
    ['a limit that is null', create({ limitBytes: null }), /limitBytes must be/],
    ['a store that is none', create({ store: new Map() }), /store has no method claim/],
    ['a store that is null', create({ store: null }), /store has no method claim; pass memoryStore\(\), redisStore/],
    ['a store without an end', create({ store: { ...withoutPosition(), extend: undefined } }), /no method extend/],
    [
      "a hand-off in a transaction that is not the store's",
      create({ handOff: Object.assign(async () => {}, { isTransactional: true }) }),
      /handOff needs a store that can join its transaction/,
    ],
    [
      'ordering with a store that keeps none',
      create({ ordering: true, store: withoutPosition() }),
      /ordering needs a store/,
    ],
    ['ordering that is not yes or no', create({ ordering: 'yes' }), /ordering must be true or false/],
    [
      'failing open by a text',
      create({ handleWhenStoreIsDown: 'false' }),
      /handleWhenStoreIsDown must be true or false/,
    ],
    ['another word for invalid', create({ invalid: 'ignore' }), /invalid must be 'reject' or 'deliver'/],
    ['a namespace that is no text', create({ namespace: 7 }), /namespace must be a text/],
    ['a handOff that is no function', create({ handOff: {} }), /handOff must be a function/],
    ['a handOffTimeoutMs that never ends', create({ handOffTimeoutMs: Infinity }), /handOffTimeoutMs must be a number/],
    ['a waitUntil that is no function', create({ waitUntil: {} }), /waitUntil must be a function/],
    ['an observer that observes nothing', create({ observer: {} }), /observer must be an object with a method begin/],
    ['a clock that is no function', create({ now: Date.now() }), /now must be a function/],
    ['a clock that tells no time', create({ now: () => Number.NaN }), /now must return milliseconds since 1970/],
    ['a clock that tells a date', create({ now: () => new Date() }), /now must return milliseconds since 1970/],
    ['an onOutcome that is no function', create({ onOutcome: {} }), /onOutcome must be a function/],
    ['memory for no key', () => memoryStore({ maxKeys: 0 }), /memoryStore: maxKeys must be a whole number above 0/],
    ['a memory without a clock', () => memoryStore({ now: 7 as never }), /memoryStore: now must be a function/],
    ['a number in place of options', () => memoryStore(5_000 as never), /options must be an object, { maxKeys, now }/],
    ['a provider name with a colon', () => custom({ name: 'a:b' }), /name must be of lower-case letters/],
    [
      'a handler time beyond the last retry',
      () => custom({ retries: { spanMs: 1000, maxHandlerMs: 1000 } }),
      /maxHandlerMs/,
    ],
    [
      'an event type that is reserved',
      () => custom({ events: () => ({ otherwise: mail.schemaOf('pod.suspended')! }) }),
      /cannot be named otherwise/,
    ],
    [
      'a definition that is left out',
      () => defineProvider(undefined as never),
      /defineProvider: name must be of lower-case letters/,
    ],
    ['a schema that is none', () => custom({ events: () => ({ a: {} as never }) }), /not a Standard Schema/],
  ])('are a TypeError at start: %s', (_what, act, message) => {
    expect(act).toThrow(TypeError)
    expect(act).toThrow(message)
  })

  it.each<[string, () => unknown, string]>([
    ['for the receiver', create({ provider: [mail] }), 'webhooks: there is no option provider; do you mean providers?'],
    ['in other letters', create({ onoutcome: () => {} }), 'no option onoutcome; do you mean onOutcome?'],
    ['without its unit', create({ limit: 1000 }), 'no option limit; do you mean limitBytes?'],
    ['though it is not set', create({ leaseSeconds: undefined }), 'no option leaseSeconds; do you mean leaseMs?'],
    [
      'for Cold Mail Reseller',
      () => coldMailReseller({ secrets, signedConten: 'body' } as never),
      'cold-mail-reseller: there is no option signedConten; do you mean signedContent?',
    ],
    [
      'for InboxKit',
      () => inboxKit({ secret: secrets } as never),
      'inboxkit: there is no option secret; do you mean secrets?',
    ],
    [
      'for OpenMail',
      () => openMail({ secrets, maxAgeSecond: 60 } as never),
      'openmail: there is no option maxAgeSecond; do you mean maxAgeSeconds?',
    ],
    [
      'that is like none',
      () => openMail({ secrets, window: 60 } as never),
      'there is no option window; there are secrets, account, maxAgeSeconds, maxAheadSeconds',
    ],
    [
      'for the memory store',
      () => memoryStore({ maxkeys: 9 } as never),
      'memoryStore: there is no option maxkeys; do you mean maxKeys?',
    ],
    ['for a provider of your own', () => custom({ timestmap: {} }), 'no option timestmap; do you mean timestamp?'],
    [
      'for the retries of a provider',
      () => custom({ retries: { spanMs: 60_000, maxHandlerMs: 10_000, clientErrorsFinal: true } }),
      'acme retries: there is no option clientErrorsFinal; do you mean clientErrorsAreFinal?',
    ],
  ])('are told by their names, where no type does: one %s', (_where, act, message) => {
    expect(act).toThrow(TypeError)
    expect(act).toThrow(message)
  })

  it.each<[string, (options: never) => unknown]>([
    ['cold-mail-reseller', coldMailReseller],
    ['inboxkit', inboxKit],
    ['openmail', openMail],
  ])('are told as missing secrets when they are left out altogether: %s', (name, create) => {
    for (const options of [undefined, null] as never[]) {
      expect(() => create(options)).toThrow(TypeError)
      expect(() => create(options)).toThrow(`${name}: secrets must be a list with at least one secret`)
    }
    expect(() => create('key' as never)).toThrow(`${name}: the options must be an object, { secrets, account,`)
  })

  it.each(['planted secret', '"planted"'])('never show the secret: %j', (secret) => {
    expect(() => openMail({ secrets: [secret] })).toThrow(TypeError)
    expect(() => openMail({ secrets: [secret] })).not.toThrow(/planted/)
  })

  it.each([`"key'`, '"key', "it's", new TextEncoder().encode('"key"')])(
    'are not secrets that only have quotes in them, or are bytes: %s',
    (secret) => {
      expect(openMail({ secrets: [secret] }).name).toBe('openmail')
    },
  )
})

function withoutPosition() {
  const store = memoryStore()
  return { claim: store.claim, complete: store.complete, release: store.release, extend: store.extend }
}

describe('a clock that fails later', () => {
  it('lets no delivery in, however old', async () => {
    const now = vi.fn(() => Number.NaN).mockReturnValueOnce(Date.now())
    const receiver = createReceiver({ providers: [mail], now })
    const old = signedDelivery('openmail', 'message.received', { secret: 'key', at: 0 })
    expect(await answerTo(receiver, old)).toBe('500 internal_error')
  })
})
