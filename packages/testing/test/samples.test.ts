import { readFileSync } from 'node:fs'
import { coldMailReseller, inboxKit, openMail, type Provider } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { sample } from '../src/index.js'

type Make = () => Record<string, unknown>

const secrets = ['test-key']
const PROVIDERS: [Provider, Record<string, Make>][] = [
  [coldMailReseller({ secrets }), sample.coldMailReseller],
  [inboxKit({ secrets }), sample.inboxKit],
  [openMail({ secrets }), sample.openMail],
]

const documented = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/${path}.json`, import.meta.url), 'utf8'))

describe.each(PROVIDERS.map(([provider, samples]) => [provider.name, provider, samples] as const))(
  'the samples of %s',
  (_name, provider, samples) => {
    it('are there for each event that has a schema', () => {
      expect(Object.keys(samples).sort()).toEqual([...provider.types].sort())
    })

    it.each(Object.entries(samples))('fit the schema of %s', async (type, make) => {
      const result = await provider.schemaOf(type)?.['~standard'].validate(make())
      expect(result).toEqual({ value: make() })
    })

    it('are different events', () => {
      const ids = Object.values(samples).map((make) => provider.describe(make(), { header: () => undefined }).id)
      expect(new Set(ids.map((id) => JSON.stringify(id))).size).toBe(ids.length)
    })
  },
)

describe('a sample', () => {
  it.each([
    'mailbox.order.success',
    'mailbox.order.failed',
    'mailbox.updated',
    'prewarmup.order.success',
    'prewarmup.order.failed',
  ] as const)('is what the documents of Cold Mail Reseller show of %s, apart from its id', (type) => {
    const { eventId: _, ...shown } = documented(`cold-mail-reseller/${type}`)
    expect(sample.coldMailReseller[type]()).toMatchObject(shown)
    expect(Object.keys(sample.coldMailReseller[type]().data).sort()).toEqual(Object.keys(shown.data).sort())
  })

  it('is what the documents of Cold Mail Reseller show of mailbox.created, for Google and, by overrides, for Microsoft', () => {
    const made = sample.coldMailReseller['mailbox.created']
    const google = documented('cold-mail-reseller/mailbox.created.google')
    expect(made({ eventId: google.eventId })).toEqual(google)
    const microsoft = documented('cold-mail-reseller/mailbox.created.microsoft')
    expect(
      made({
        eventId: microsoft.eventId,
        data: {
          workspaceType: 'MICROSOFT',
          finalUrl: 'https://example.com/oauth-callback',
          mailboxDetails: { appPassword: undefined, isAdmin: undefined, password: 'TempPass123!' },
          price: 11,
        },
      }),
    ).toEqual(microsoft)
  })

  it('is what the documents of InboxKit show of mailbox.status_changed', () => {
    expect(sample.inboxKit['mailbox.status_changed']()).toEqual(documented('inboxkit/mailbox.status_changed'))
  })

  it('takes overrides at any depth and leaves the next sample as it was', () => {
    const made = sample.openMail['message.received']
    const payload = made({ event_id: 'evt_2', message: { subject: 'Changed', attachments: [] } })
    expect(payload).toMatchObject({
      event_id: 'evt_2',
      message: { subject: 'Changed', attachments: [], id: 'msg_0e4c7a19' },
    })
    expect(made().message.attachments).toHaveLength(1)
    payload.message.id = 'changed'
    expect(made().message.id).toBe('msg_0e4c7a19')
  })

  it('is typed: a field of another kind does not compile', () => {
    // @ts-expect-error price is a number
    sample.coldMailReseller['mailbox.created']({ data: { price: 'three' } })
    // @ts-expect-error there is no such event
    expect(sample.coldMailReseller['mailbox.crated']).toBeUndefined()
  })
})
