import type { AgentMailEvents } from './index.js'

const INBOX = 'support@agents.example.com'

const envelope = <const Type extends string>(event_type: Type, event_id: string) =>
  ({ type: 'event', event_type, event_id }) as const

const message = {
  inbox_id: INBOX,
  thread_id: 'thd_4b7c1d20',
  message_id: '<CAF+31a9@mail.example.org>',
  labels: ['received', 'unread'],
  timestamp: '2026-11-20T08:15:30.000Z',
  from: 'Ada Lovelace <ada@example.org>',
  reply_to: ['ada@example.org'],
  to: ['Support <support@agents.example.com>'],
  cc: ['charles@example.org'],
  subject: 'Invoice 42 — Rückfrage',
  preview: 'Could you send the invoice again?',
  text: 'Could you send the invoice again?\n\nAda',
  html: '<p>Could you send the invoice again?</p><p>Ada</p>',
  extracted_text: 'Could you send the invoice again?',
  attachments: [
    {
      attachment_id: 'att_77aa',
      filename: 'invoice.pdf',
      size: 48_213,
      content_type: 'application/pdf',
      content_disposition: 'attachment',
    },
  ],
  in_reply_to: '<9f21@agents.example.com>',
  references: ['<9f21@agents.example.com>'],
  headers: { 'X-Mailer': 'ExampleMail 3.1' },
  size: 51_877,
  updated_at: '2026-11-20T08:15:31.204Z',
  created_at: '2026-11-20T08:15:31.204Z',
}

const thread = {
  inbox_id: INBOX,
  thread_id: 'thd_4b7c1d20',
  labels: ['received', 'sent', 'unread'],
  timestamp: '2026-11-20T08:15:30.000Z',
  received_timestamp: '2026-11-20T08:15:30.000Z',
  sent_timestamp: '2026-11-19T16:02:11.000Z',
  senders: ['Support <support@agents.example.com>', 'Ada Lovelace <ada@example.org>'],
  recipients: ['ada@example.org', 'Support <support@agents.example.com>'],
  subject: 'Invoice 42 — Rückfrage',
  preview: 'Could you send the invoice again?',
  last_message_id: '<CAF+31a9@mail.example.org>',
  message_count: 3,
  size: 90_144,
  updated_at: '2026-11-20T08:15:31.204Z',
  created_at: '2026-11-18T10:00:00.000Z',
}

/** A mail without text, because it is HTML only. */
const { text: _text, extracted_text: _extracted, preview: _preview, ...htmlOnly } = message

const outgoing = {
  inbox_id: INBOX,
  thread_id: 'thd_4b7c1d20',
  message_id: '<0100a1b2@agents.example.com>',
  timestamp: '2026-11-20T09:00:00.000Z',
}

const meeting = { inbox_id: INBOX, calendar_event: { calendar_event_id: 'cal_19ab', title: 'Invoice 42' } }

/** Samples made from the tables of the provider's documents. */
export const agentMailSamples: AgentMailEvents = {
  'message.received': { ...envelope('message.received', 'evt_01JD0Q6W3E8ZK'), message, thread },
  'message.received.spam': {
    ...envelope('message.received.spam', 'evt_01JD0Q6W3E8ZL'),
    message: { ...message, labels: ['received', 'spam'] },
    thread,
  },
  'message.received.blocked': {
    ...envelope('message.received.blocked', 'evt_01JD0Q6W3E8ZM'),
    message: { ...message, labels: ['received', 'blocked'] },
    thread,
  },
  'message.received.unauthenticated': {
    ...envelope('message.received.unauthenticated', 'evt_01JD0Q6W3E8ZN'),
    message: { ...htmlOnly, labels: ['received', 'unauthenticated'] },
    thread,
  },
  'message.sent': {
    ...envelope('message.sent', 'evt_01JD0Q6W3E8ZP'),
    send: { ...outgoing, recipients: ['ada@example.org', 'charles@example.org'] },
  },
  'message.delivered': {
    ...envelope('message.delivered', 'evt_01JD0Q6W3E8ZQ'),
    delivery: { ...outgoing, recipients: ['ada@example.org'] },
  },
  'message.bounced': {
    ...envelope('message.bounced', 'evt_01JD0Q6W3E8ZR'),
    bounce: {
      ...outgoing,
      recipients: [{ address: 'charles@example.org', status: 'bounced' }],
      type: 'Permanent',
      sub_type: 'General',
    },
  },
  'message.complained': {
    ...envelope('message.complained', 'evt_01JD0Q6W3E8ZS'),
    complaint: { ...outgoing, recipients: ['ada@example.org'], type: 'abuse', sub_type: 'general' },
  },
  'message.rejected': {
    ...envelope('message.rejected', 'evt_01JD0Q6W3E8ZT'),
    reject: { ...outgoing, reason: 'Bad content' },
  },
  'message.opened': { ...envelope('message.opened', 'evt_01JD0Q6W3E8ZV'), open: outgoing },
  'domain.verified': {
    ...envelope('domain.verified', 'evt_01JD0Q6W3E8ZW'),
    domain: {
      domain_id: 'dom_77bc',
      domain: 'agents.example.com',
      status: 'VERIFIED',
      feedback_enabled: true,
      subdomains_enabled: false,
      records: [{ type: 'MX', name: 'agents', value: 'inbound.example.net', status: 'VALID', priority: 10 }],
      created_at: '2026-11-18T09:00:00.000Z',
      updated_at: '2026-11-18T10:00:00.000Z',
    },
  },
  'calendar.event.created': { ...envelope('calendar.event.created', 'evt_01JD0Q6W3E8ZX'), ...meeting },
  'calendar.event.updated': { ...envelope('calendar.event.updated', 'evt_01JD0Q6W3E8ZY'), ...meeting },
  'calendar.event.deleted': { ...envelope('calendar.event.deleted', 'evt_01JD0Q6W3E8ZZ'), ...meeting },
  'calendar.event.responded': { ...envelope('calendar.event.responded', 'evt_01JD0Q6W3E900'), ...meeting },
  'calendar.event.starting': { ...envelope('calendar.event.starting', 'evt_01JD0Q6W3E901'), ...meeting },
  'calendar.event.ending': { ...envelope('calendar.event.ending', 'evt_01JD0Q6W3E902'), ...meeting },
}
