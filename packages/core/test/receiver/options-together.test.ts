import { createReceiver, memoryStore, type ReceiverOptions } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { durableJournal } from '../journal/journaled.js'
import { custom } from '../providers/custom.js'

const RETRIES = { spanMs: 60_000, maxHandlerMs: 10_000 }
const signature = (header: string, secret = header) => ({
  header,
  secrets: [secret],
  readings: [{ content: ['body'] }],
})
const timed = { header: 'x-time', format: 'unix-seconds', maxAgeSeconds: 60, maxAheadSeconds: 60 }

/** Retried for one minute, and taken for 121 seconds. */
const acme = custom({ signature: signature('x-acme'), timestamp: timed, retries: RETRIES })
const untimed = custom({ name: 'plain', retries: RETRIES })

const create = (options: Partial<ReceiverOptions>) => (): unknown =>
  createReceiver({ providers: [acme], store: memoryStore(), leaseMs: 5_000, ...options } as ReceiverOptions)

describe('a length of time', () => {
  it.each<[string, Partial<ReceiverOptions>, string]>([
    [
      'a lease as long as the retries',
      { leaseMs: 60_000 },
      'webhooks: leaseMs (60000) must be shorter than acme keeps retrying (60000), or the event of a process that died is never handled',
    ],
    [
      'a retention shorter than the retries',
      { providers: [untimed], retentionMs: 59_999 },
      'webhooks: retentionMs (59999) must be at least as long as plain keeps retrying (60000), or a late retry is handled a second time',
    ],
    [
      'a retention shorter than the window',
      { retentionMs: 120_999 },
      'webhooks: retentionMs (120999) must be at least as long as a delivery of acme is taken, which is maxAgeSeconds + maxAheadSeconds (121000), or a captured one is handled a second time',
    ],
    [
      'a journal that keeps less than the window',
      { store: undefined, journal: durableJournal(undefined, { keepMs: 120_999 }) },
      "webhooks: the journal's keepMs (120999) must be at least as long as an event of acme can come again (121000), or it is handled a second time",
    ],
    [
      'a lease that is too long for the second of two',
      { providers: [acme, custom({ name: 'short', retries: { spanMs: 4_000, maxHandlerMs: 1_000 } })] },
      'webhooks: leaseMs (5000) must be shorter than short keeps retrying (4000)',
    ],
  ])('that does not fit the provider is refused at start: %s', (_what, options, message) => {
    expect(create(options)).toThrow(TypeError)
    expect(create(options)).toThrow(message)
  })

  it.each<[string, Partial<ReceiverOptions>]>([
    ['a lease just shorter than the retries', { leaseMs: 59_999 }],
    ['a retention of the retries', { providers: [untimed], retentionMs: 60_000 }],
    ['a retention of the window', { retentionMs: 121_000 }],
    ['a journal that keeps the window', { store: undefined, journal: durableJournal(undefined, { keepMs: 121_000 }) }],
  ])('that just fits is taken: %s', (_what, options) => {
    expect(create(options)).not.toThrow()
  })
})

describe('parts that do not fit each other', () => {
  const store = memoryStore()
  const methods = { claim: store.claim, complete: store.complete, release: store.release, extend: store.extend }
  const list = custom({ name: 'listed', list: true })
  const handOff = async () => {}
  const transactional = Object.assign(async () => {}, { isTransactional: true })

  it.each<[string, Partial<ReceiverOptions>, string]>([
    ...(['claim', 'complete', 'release', 'extend'] as const).map((name): [string, Partial<ReceiverOptions>, string] => [
      `a store without ${name}`,
      { store: { ...methods, [name]: undefined } as never },
      `webhooks: store has no method ${name}; pass memoryStore(), redisStore(client), …`,
    ]),
    [
      'ordering without position',
      { ordering: true, store: methods },
      'webhooks: ordering needs a store with a method position',
    ],
    [
      'a transaction that the store cannot join',
      { handOff: transactional },
      'webhooks: handOff needs a store that can join its transaction, e.g. postgresStore(pool)',
    ],
    [
      'a journal of another namespace',
      { store: undefined, namespace: 'live', journal: durableJournal(undefined, { namespace: 'test' }) },
      "webhooks: the namespace is 'live' and that of the journal 'test'; give both the same",
    ],
    [
      'one provider twice',
      { providers: [acme, acme] },
      'webhooks: acme is listed twice. For several secrets of one account list them in its secrets; for several accounts give each an account name',
    ],
    [
      'one account twice',
      { providers: [custom({ account: 'eu' }), custom({ account: 'us' }), custom({ account: 'eu' })] },
      'webhooks: acme is listed twice.',
    ],
    [
      'two providers of one secret',
      { providers: [acme, custom({ name: 'other', signature: signature('x-other', 'x-acme') })] },
      'webhooks: acme and other have a secret in common: a delivery of one would be taken for one of the other. Give each its own',
    ],
    [
      'a list without a queue',
      { providers: [list] },
      'webhooks: listed sends several events in one request, so they must be queued: pass handOff, e.g. bullmqHandOff(queue)',
    ],
  ])('are refused at start: %s', (_what, options, message) => {
    expect(create(options)).toThrow(TypeError)
    expect(create(options)).toThrow(message)
  })

  it.each<[string, Partial<ReceiverOptions>]>([
    ['a store without position, where nothing is ordered', { store: methods }],
    [
      'a transaction that the store can join',
      { handOff: transactional, store: { ...methods, isDone: async () => false } },
    ],
    ['a queue without a transaction', { handOff }],
    ['a list with a queue', { providers: [list], handOff }],
    [
      'a journal of the same namespace',
      { namespace: 'live', journal: durableJournal(undefined, { namespace: 'live' }) },
    ],
    ['a provider without an account beside one with it', { providers: [acme, custom({ account: 'eu' })] }],
    ['secrets of their own', { providers: [acme, custom({ name: 'other', signature: signature('x-other') })] }],
  ])('are taken where they fit: %s', (_what, options) => {
    expect(create(options)).not.toThrow()
  })
})
