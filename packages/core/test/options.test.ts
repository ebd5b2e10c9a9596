import {
  type ColdMailResellerOptions,
  coldMailReseller,
  createReceiver,
  defineProvider,
  type InboxKitOptions,
  inboxKit,
  memoryStore,
  type OpenMailOptions,
  openMail,
  type Provider,
  type ReceiverOptions,
} from '@mailbox-hooks/core'
import { signedDelivery } from '@mailbox-hooks/testing'
import { describe, expect, it, vi } from 'vitest'
import { answerTo } from './request.js'

const secrets = ['key']
const mail = openMail({ secrets })

/** What a JavaScript user may pass, whatever the types say. */
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
    ['no options', () => createReceiver(undefined as never), /pass the options/],
    ['no providers', create({ providers: [] }), /at least one provider/],
    ['a provider that is none', create({ providers: [{}] }), /must be made by/],
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
    ['a limit that is a text', create({ limitBytes: '5mb' }), /limitBytes must be a number above 0/],
    ['a store that is none', create({ store: new Map() }), /store has no method claim/],
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
    ['an observer that observes nothing', create({ observer: {} }), /observer must have a method begin/],
    ['a clock that is no function', create({ now: Date.now() }), /now must be a function/],
    ['a clock that tells no time', create({ now: () => Number.NaN }), /now must return milliseconds since 1970/],
    ['a clock that tells a date', create({ now: () => new Date() }), /now must return milliseconds since 1970/],
    ['an onOutcome that is no function', create({ onOutcome: {} }), /onOutcome must be a function/],
    ['memory for no key', () => memoryStore({ maxKeys: 0 }), /maxKeys/],
    ['a provider name with a colon', () => custom({ name: 'a:b' }), /name/],
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
      /provider's name is of .* got undefined/,
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
    for (const options of [undefined, null, 'key'] as never[]) {
      expect(() => create(options)).toThrow(TypeError)
      expect(() => create(options)).toThrow(`${name}: secrets must be a list with at least one secret`)
    }
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

describe('options that are undefined', () => {
  // Complete by their types: a name that the check does not know is found here.
  const unset = { account: undefined, maxAgeSeconds: undefined, maxAheadSeconds: undefined, secrets }

  it('have their defaults, in the receiver', () => {
    const options: Required<ReceiverOptions> = {
      providers: [mail],
      store: undefined,
      namespace: undefined,
      limitBytes: undefined,
      retentionMs: undefined,
      leaseMs: undefined,
      maxHandlerMs: undefined,
      storeTimeoutMs: undefined,
      invalid: undefined,
      ordering: undefined,
      handleWhenStoreIsDown: undefined,
      handOff: undefined,
      handOffTimeoutMs: undefined,
      now: undefined,
      onOutcome: undefined,
      observer: undefined,
    }
    expect(createReceiver(options)).toBeDefined()
  })

  it('have their defaults, in each provider', () => {
    const ofColdMail: Required<ColdMailResellerOptions> = { ...unset, signedContent: undefined, encoding: undefined }
    const ofInboxKit: Required<InboxKitOptions> = unset
    const ofOpenMail: Required<OpenMailOptions> = unset
    const { name, account }: Provider = coldMailReseller(ofColdMail)
    expect([name, account]).toEqual(['cold-mail-reseller', undefined])
    expect(inboxKit(ofInboxKit)).toMatchObject({ maxAheadMs: 300_000 })
    expect(openMail(ofOpenMail)).toMatchObject({ maxAheadMs: 300_000 })
  })
})

function withoutPosition() {
  const store = memoryStore()
  return { claim: store.claim, complete: store.complete, release: store.release, extend: store.extend }
}

function custom(changes: object): Provider {
  return defineProvider({
    name: 'acme',
    signature: { header: 'x-acme', secrets, readings: [{ name: 'body', trust: 'body' }] },
    retries: { spanMs: 60_000, maxHandlerMs: 10_000 },
    describe: () => ({}),
    events: () => ({}),
    ...changes,
  })
}

describe('a clock that fails later', () => {
  it('lets no delivery in, however old', async () => {
    const now = vi.fn(() => Number.NaN).mockReturnValueOnce(Date.now())
    const receiver = createReceiver({ providers: [mail], now })
    const old = signedDelivery('openmail', 'message.received', { secret: 'key', at: 0 })
    expect(await answerTo(receiver, old)).toBe('500 internal_error')
  })
})

describe('the default store', () => {
  it('warns once in production that it forgets', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    vi.stubEnv('NODE_ENV', 'production')
    createReceiver({ providers: [mail], store: memoryStore() })
    expect(warn).not.toHaveBeenCalled()
    createReceiver({ providers: [mail] })
    createReceiver({ providers: [mail] })
    expect(warn).toHaveBeenCalledOnce()
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/in this process only/), {
      code: 'MAILBOX_HOOKS_MEMORY_STORE',
    })
    vi.unstubAllEnvs()
    warn.mockRestore()
  })
})
