import { createHash, createHmac, randomUUID } from 'node:crypto'
import { sample } from '@mailbox-hooks/testing'
import { SECRETS } from './receiver.ts'

/** One request as a provider sends it. */
export interface Request {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const now = () => Date.now()
const seconds = (ms: number) => String(Math.floor(ms / 1000))
const hmac = (secret: string, content: string) => createHmac('sha256', secret).update(content).digest('hex')

/** Signs over `timestamp.body`, one of the readings that the documentation leaves open. */
export function fromColdMailReseller(payload: object, sentAt = now()): Request {
  // The documentation shows one eventId in most of its examples; real events have their own.
  const body = JSON.stringify({ ...payload, eventId: randomUUID() })
  const timestamp = seconds(sentAt)
  return {
    headers: { 'cmr-x-timestamp': timestamp, 'cmr-x-signature': hmac(SECRETS.cmr, `${timestamp}.${body}`) },
    body,
  }
}

/** Sends the same header each time, because it depends only on the key. */
export function fromInboxKit(payload: object, sentAt = now()): Request {
  const token = createHash('sha256').update(SECRETS.inboxKit).digest('hex')
  return {
    headers: {
      'x-inboxkit-event': 'mailbox.status_changed',
      'x-inboxkit-timestamp': new Date(sentAt).toISOString(),
      'x-inboxkit-signature': `sha256=${token}`,
    },
    body: JSON.stringify(payload),
  }
}

export function fromOpenMail(payload: object, sentAt = now()): Request {
  const body = JSON.stringify({
    event_id: `evt_${randomUUID()}`,
    occurred_at: new Date(sentAt).toISOString(),
    ...payload,
  })
  const timestamp = seconds(sentAt)
  return { headers: { 'x-timestamp': timestamp, 'x-signature': hmac(SECRETS.openMail, `${timestamp}.${body}`) }, body }
}

/** The examples of the provider's documentation. */
export const coldMailResellerExamples = (
  [
    'domain.order.success',
    'mailbox.order.success',
    'mailbox.order.failed',
    'mailbox.created',
    'mailbox.updated',
    'prewarmup.order.success',
    'prewarmup.order.failed',
  ] as const
).map((name) => ({ name, payload: sample.coldMailReseller[name]() }))

export const statusChanged = sample.inboxKit['mailbox.status_changed']()

/** One mailbox that is suspended, reactivated, and suspended again. */
export function statusChange(from: string, to: string, timestamp: string) {
  const { data } = statusChanged
  return {
    ...statusChanged,
    timestamp,
    data: { ...data, mailbox: { ...data.mailbox, previous_status: from, status: to } },
  }
}

export const messageReceived = {
  event: 'message.received',
  inbox_id: 'inb_demo',
  thread_id: 'thr_demo',
  message: {
    id: 'msg_demo',
    from: 'Ada <ada@example.com>',
    subject: 'Zürich, $5 & more',
    body_text: 'Hello 🎉',
    attachments: [],
  },
}

export const inboxSuspended = {
  event: 'inbox.suspended',
  inbox_id: 'inb_demo',
  inbox_address: 'ada@example.com',
  pod_id: null,
  reason: 'high_bounce_rate',
}

export const inboxReactivated = { ...inboxSuspended, event: 'inbox.reactivated' }

export const subscriptionCancelled = {
  event: 'subscription.cancelled',
  data: { userId: 'U', userEmail: 'owner@example.com', subscriptionId: 'S', workspaceType: 'GOOGLE', quantity: 3 },
}
