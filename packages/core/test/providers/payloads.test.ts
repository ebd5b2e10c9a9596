import type { Provider } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { cmr, issues, kit, mail } from './issues.js'

const user = { userId: 'U', userEmail: 'u@example.com' }
const oldSubscription = { ...user, subscriptionId: 'S', workspaceType: 'GOOGLE', quantity: 3 }
const mailbox = {
  uid: 'M',
  email: 'a@b.co',
  username: 'a',
  first_name: '',
  last_name: '',
  profile_picture: '',
  status: 'active',
  renewal_status: 'active',
  is_admin: false,
}
const preWarmedUp = {
  domain: 'x.com',
  subscriptionId: 'S',
  preWarmedUpMailboxes: [
    {
      mailboxId: 'M',
      email: 'a@x.com',
      firstName: 'A',
      lastName: 'B',
      profilePicture: '',
      isAdmin: false,
      warmingUpFrom: '2026-01-01T00:00:00.000Z',
      expiryDate: '2027-01-01T00:00:00.000Z',
    },
  ],
}
const teamEnvelope = { timestamp: '2026-01-01T00:00:00Z', team_id: 'T', team_name: 'Team' }
const message = { id: 'msg_1', from: 'Ada <ada@example.com>' }
const received = { event: 'message.received', event_id: 'evt_1', inbox_id: 'inb_1', thread_id: 'thr_1' }

describe('what documents leave open', () => {
  it.each<[string, Provider, { event: string; [field: string]: unknown }]>([
    [
      'a domain order with flat fields',
      cmr,
      {
        event: 'domain.order.success',
        eventId: 'E',
        data: {
          ...user,
          orderId: 'O',
          domainId: 'D',
          domainName: 'x.com',
          creationTime: '2026-01-01T00:00:00Z',
          expiryDate: '2027-01-01T00:00:00Z',
          price: 15.88,
        },
      },
    ],
    [
      'a domain order with a list of domains and no event id',
      cmr,
      { event: 'domain.order.success', data: { domains: [{ domain: 'x.com', status: 'SUCCESS' }], actionId: 'ACT_1' } },
    ],
    ['a failed domain order, whose fields nobody shows', cmr, { event: 'domain.order.failed', eventId: 'E', data: {} }],
    ['an older subscription event', cmr, { event: 'subscription.cancelled', eventId: 'E', data: oldSubscription }],
    [
      'a newer subscription event',
      cmr,
      {
        event: 'subscription.renewal.failed',
        eventId: 'E',
        data: {
          ...oldSubscription,
          domain: 'x.com',
          autoRenew: true,
          periodStart: '2026-01-01T00:00:00.000Z',
          subscriptionStatus: 'RENEWING',
        },
      },
    ],
    [
      'a workspace type that is new',
      cmr,
      { event: 'subscription.cancelled', eventId: 'E', data: { ...oldSubscription, workspaceType: 'ZOHO' } },
    ],
    [
      'pre-warmed-up mailboxes of Microsoft, of whose secrets nobody says which there are',
      cmr,
      {
        event: 'prewarmup.order.success',
        eventId: 'E',
        data: { ...user, orderId: 'O', serviceProvider: 'MICROSOFT', mailboxDetails: [preWarmedUp] },
      },
    ],
    [
      'an older mailbox status without credentials and metadata',
      kit,
      { ...teamEnvelope, event: 'mailbox.status_changed', data: { mailbox, change_details: {} } },
    ],
    [
      'a mailbox status without a previous one',
      kit,
      {
        ...teamEnvelope,
        event: 'mailbox.status_changed',
        data: { mailbox: { ...mailbox, previous_status: null, renewal_date: null } },
      },
    ],
    [
      'a domain status',
      kit,
      {
        ...teamEnvelope,
        event: 'domain.status_changed',
        data: {
          domain: {
            uid: 'D',
            name: 'x',
            tld: '',
            status: 'brand_new',
            previous_status: null,
            dns_propagation_status: 'waiting',
            nameservers: [],
            renewal_date: null,
            renewal_status: 'na',
            registration_years: 1,
          },
        },
      },
    ],
    [
      'a consent request',
      kit,
      {
        ...teamEnvelope,
        event: 'consent_request.status_changed',
        data: { consent_request: { uid: 'C', status: 'queued' } },
      },
    ],
    [
      'a client id request',
      kit,
      {
        ...teamEnvelope,
        event: 'client_id_request.status_changed',
        data: { client_id_request: { uid: 'C', status: 'completed', status_reason: null } },
      },
    ],
    ['the least of a message', mail, { ...received, message }],
    [
      'a message of nulls',
      mail,
      {
        ...received,
        message: {
          ...message,
          to: null,
          cc: null,
          subject: null,
          body_text: null,
          rfc_message_id: null,
          category: null,
          auto_replyable: null,
          verdict: null,
          spam_score: null,
        },
      },
    ],
    [
      'a message with one cc as a text',
      mail,
      {
        ...received,
        message: { ...message, cc: 'a@b.co', attachments: [{ url: 'https://x', content_type: 'text/plain', size: 3 }] },
      },
    ],
    [
      'a suspended pod',
      mail,
      {
        event: 'pod.suspended',
        event_id: 'e',
        occurred_at: '2026-01-01T00:00:00.000Z',
        inbox_id: null,
        inbox_address: null,
        pod_id: 'pod_1',
        reason: 'abuse',
      },
    ],
    [
      'a reactivated inbox',
      mail,
      {
        event: 'inbox.reactivated',
        event_id: 'e',
        occurred_at: '2026-01-01T00:00:00.000Z',
        inbox_id: 'inb_1',
        inbox_address: 'a@b.co',
        pod_id: null,
        reason: null,
      },
    ],
  ])('passes: %s', async (_what, provider, payload) => {
    expect(await issues(provider, { ...payload, added_by_the_provider: true })).toEqual([])
  })

  it.each<[string, Provider, { event: string } & Record<string, unknown>, string]>([
    [
      'a subscription without its quantity',
      cmr,
      { event: 'subscription.cancelled', data: { ...oldSubscription, quantity: undefined } },
      'data.quantity',
    ],
    ['a price as a text', cmr, { event: 'domain.order.success', data: { price: '15.88' } }, 'data.price'],
    [
      'a mailbox without its uid',
      kit,
      { ...teamEnvelope, event: 'mailbox.status_changed', data: { mailbox: { ...mailbox, uid: undefined } } },
      'data.mailbox.uid',
    ],
    ['a message without its thread', mail, { ...received, thread_id: undefined, message }, 'thread_id'],
  ])('fails: %s', async (_what, provider, payload, path) => {
    expect(await issues(provider, payload)).toEqual([path])
  })
})
