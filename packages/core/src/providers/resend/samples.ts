import type { ResendEvents } from './index.js'

const AT = '2026-11-20T09:07:43.000Z'

const email = {
  created_at: '2026-11-20T09:07:40.101Z',
  email_id: '56761188-7520-42d8-8898-ff6fc54ce618',
  message_id: '<0100a1b2@example.com>',
  from: 'Acme <hello@example.com>',
  to: ['ada@example.org'],
  subject: 'November news',
  tags: { category: 'newsletter' },
}

const contact = {
  id: '0d6c9a4e-54a8-4a5f-9a3c-0d0c0f7e5f01',
  audience_id: '78261eea-8f8b-4381-83c6-79fa7120f1cf',
  segment_ids: [],
  email: 'ada@example.org',
  first_name: 'Ada',
  last_name: 'Lovelace',
  unsubscribed: false,
  created_at: '2026-11-20T09:00:00.000Z',
  updated_at: '2026-11-20T09:00:00.000Z',
}

const domain = {
  id: 'd91cd9bd-1176-453e-8fc1-35364d380206',
  name: 'mail.example.com',
  status: 'verified',
  created_at: '2026-11-20T10:30:00.000Z',
  region: 'eu-west-1',
  records: [
    {
      record: 'SPF',
      name: 'send.mail',
      type: 'MX',
      ttl: 'Auto',
      status: 'verified',
      value: 'feedback-smtp.eu-west-1.example.net',
      priority: 10,
    },
  ],
}

const suppression = {
  id: '6b0a2b54-6a3e-4a9d-8a54-1e5d9d7b1c11',
  email: 'nobody@example.org',
  origin: 'bounce',
  source_id: '56761188-7520-42d8-8898-ff6fc54ce618',
  created_at: AT,
}

const topic = {
  id: 'b6d24b8e-af0b-4c3c-be0c-359bbd97381e',
  name: 'Product news',
  description: null,
  default_subscription: 'opt_in',
  deleted: false,
  created_at: AT,
  updated_at: AT,
}

const inbox = { source: 'dashboard', inbox_id: 'e1a9c1a0-0b5a-4c7f-8a77-51a8c1d5e001' }
const thread = { ...inbox, thread_id: '1f2f8a66-3c53-4f4b-9d6f-6b9d6a6e2002' }
const draft = { ...thread, draft_id: '9a0d8c11-77e1-4a61-8d51-2f2c3b4d3003' }

const event = <const Type extends string, Data>(type: Type, data: Data) => ({ type, created_at: AT, data })

/** Samples made from the types of the provider's library. */
export const resendSamples: ResendEvents = {
  'email.sent': event('email.sent', email),
  'email.scheduled': event('email.scheduled', email),
  'email.delivered': event('email.delivered', email),
  'email.delivery_delayed': event('email.delivery_delayed', email),
  'email.complained': event('email.complained', email),
  'email.bounced': event('email.bounced', {
    ...email,
    bounce: {
      message: "The recipient's server does not know this address.",
      subType: 'General',
      type: 'Permanent',
    },
  }),
  'email.opened': event('email.opened', email),
  'email.clicked': event('email.clicked', {
    ...email,
    click: {
      ipAddress: '192.0.2.7',
      link: 'https://example.com/reset?token=4f1d',
      timestamp: '2026-11-20T09:10:02.000Z',
      userAgent: 'ExampleBrowser/1.0',
    },
  }),
  'email.received': event('email.received', {
    email_id: '6f1c1f0e-5d3a-4f4e-9a55-0f7f0b6a1c01',
    created_at: '2026-11-20T08:15:29.894719+00:00',
    from: 'Ada Lovelace <ada@example.org>',
    to: ['support@inbound.example.com'],
    cc: ['charles@example.org'],
    bcc: [],
    received_for: ['support@inbound.example.com'],
    message_id: '<CAF+31a9@mail.example.org>',
    subject: 'Invoice 42 — Rückfrage',
    attachments: [
      {
        id: 'b0f3b0a4-51a8-4a3c-9d39-0c9f9f1f2a77',
        filename: 'invoice.pdf',
        content_type: 'application/pdf',
        content_disposition: 'attachment',
        content_id: null,
      },
    ],
  }),
  'email.failed': event('email.failed', { ...email, failed: { reason: 'reached_daily_quota' } }),
  'email.suppressed': event('email.suppressed', {
    ...email,
    suppressed: { message: 'The address is on the suppression list.', type: 'OnAccountSuppressionList' },
  }),

  'contact.created': event('contact.created', contact),
  'contact.updated': event('contact.updated', { ...contact, unsubscribed: true }),
  'contact.deleted': event('contact.deleted', contact),
  'contact.topics.updated': event('contact.topics.updated', {
    email: contact.email,
    topics: [{ id: topic.id, subscription: 'opt_out' }],
  }),

  'domain.created': event('domain.created', { ...domain, status: 'not_started' }),
  'domain.updated': event('domain.updated', domain),
  'domain.deleted': event('domain.deleted', domain),

  'suppression.added': event('suppression.added', suppression),
  'suppression.removed': event('suppression.removed', suppression),

  'topic.created': event('topic.created', topic),
  'topic.updated': event('topic.updated', topic),
  'topic.deleted': event('topic.deleted', { ...topic, deleted: true }),

  'inbox.created': event('inbox.created', inbox),
  'inbox.updated': event('inbox.updated', inbox),
  'inbox.deleted': event('inbox.deleted', inbox),
  'inbox.thread.created': event('inbox.thread.created', thread),
  'inbox.thread.folder.updated': event('inbox.thread.folder.updated', { ...thread, from: 'inbox', to: 'archive' }),
  'inbox.thread.assigned': event('inbox.thread.assigned', {
    ...thread,
    assignee_email: 'grace@example.com',
    assigned_by_email: null,
    previous_assignee_email: null,
  }),
  'inbox.thread.unassigned': event('inbox.thread.unassigned', {
    ...thread,
    previous_assignee_email: 'grace@example.com',
  }),
  'inbox.thread.labels.updated': event('inbox.thread.labels.updated', { ...thread, added: ['urgent'], removed: [] }),
  'inbox.email.received': event('inbox.email.received', {
    ...thread,
    email_id: '0aa0d0f7-2d2c-4d2d-9f34-5d6f7a8b4004',
  }),
  'inbox.email.sent': event('inbox.email.sent', { ...thread, email_id: '0aa0d0f7-2d2c-4d2d-9f34-5d6f7a8b4005' }),
  'inbox.draft.created': event('inbox.draft.created', draft),
  'inbox.draft.updated': event('inbox.draft.updated', draft),
  'inbox.draft.sent': event('inbox.draft.sent', { ...draft, email_id: '0aa0d0f7-2d2c-4d2d-9f34-5d6f7a8b4006' }),
  'inbox.draft.deleted': event('inbox.draft.deleted', draft),
}
