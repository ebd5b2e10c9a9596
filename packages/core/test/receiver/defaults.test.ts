import {
  type ColdMailResellerOptions,
  coldMailReseller,
  createReceiver,
  type InboxKitOptions,
  inboxKit,
  memoryStore,
  type OpenMailOptions,
  openMail,
  type Provider,
  type ReceiverOptions,
} from '@mailbox-hooks/core'
import { describe, expect, it, vi } from 'vitest'

const secrets = ['key']
const mail = openMail({ secrets })

describe('options that are undefined', () => {
  // Complete by their types: a name that the check does not know is found here.
  const unset = { account: undefined, maxAgeSeconds: undefined, maxAheadSeconds: undefined, events: undefined, secrets }

  it('have their defaults, in the receiver', () => {
    const options: Required<ReceiverOptions> = {
      providers: [mail],
      journal: undefined,
      journalTimeoutMs: undefined,
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
      waitUntil: undefined,
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
