import { createHash, createHmac } from 'node:crypto'

/**
 * The provider's side of a delivery, written from the providers' documents and from nothing of the core: what signs and
 * what verifies must not share a mistake.
 */
export const SECRETS = {
  coldMailReseller: 'cmr-api-key',
  inboxKit: 'inboxkit-team-key',
  openMail: 'openmail-webhook-secret',
} as const

export type HeaderValues = Record<string, string>

export interface SignedBody {
  readonly headers: HeaderValues
  readonly body: string
}

const hmac = (secret: string, content: string | Uint8Array) => createHmac('sha256', secret).update(content)

const seconds = (ms: number) => String(Math.floor(ms / 1000))

/** OpenMail: hex over `timestamp.body`. */
export function signOpenMail(
  body: string | Uint8Array,
  sentAtMs = Date.now(),
  secret: string = SECRETS.openMail,
): HeaderValues {
  const timestamp = seconds(sentAtMs)
  const content = Buffer.concat([Buffer.from(`${timestamp}.`), Buffer.from(body)])
  return { 'x-timestamp': timestamp, 'x-signature': hmac(secret, content).digest('hex') }
}

/** Cold Mail Reseller, in the likeliest reading: hex over the body. */
export function signColdMailReseller(body: string, sentAtMs = Date.now()): HeaderValues {
  return {
    'cmr-x-timestamp': seconds(sentAtMs),
    'cmr-x-signature': hmac(SECRETS.coldMailReseller, body).digest('hex'),
  }
}

/** InboxKit: the hash of the team key, whatever the body. */
export function signInboxKit(_body: string, sentAtMs = Date.now()): HeaderValues {
  return {
    'x-inboxkit-event': 'mailbox.status_changed',
    'x-inboxkit-timestamp': new Date(sentAtMs).toISOString(),
    'x-inboxkit-signature': `sha256=${createHash('sha256').update(SECRETS.inboxKit).digest('hex')}`,
  }
}

let events = 0

/** An event id that no other test has used. */
export const freshId = () => `evt_${process.pid}_${++events}`

export function messageReceived(id = freshId(), fields: object = {}): string {
  return JSON.stringify({
    event: 'message.received',
    event_id: id,
    occurred_at: '2026-03-01T09:00:00.000Z',
    inbox_id: 'inb_1',
    thread_id: 'thr_1',
    message: { id: 'msg_1', from: 'Ada <ada@example.com>', subject: 'Hello', body_text: 'Hi', attachments: [] },
    ...fields,
  })
}

export function mailboxCreated(id = freshId()): string {
  return JSON.stringify({
    event: 'mailbox.created',
    eventId: id,
    data: {
      userId: 'USER',
      userEmail: 'owner@example.com',
      domain: 'example.com',
      subscriptionId: 'SUBSCRIPTION',
      orderId: 'ORDER',
      workspaceType: 'GOOGLE',
      mailboxDetails: {
        mailboxId: 'MAILBOX',
        firstName: 'Ada',
        lastName: 'Byron',
        email: 'ada@example.com',
        appPassword: 'planted app password',
        isAdmin: true,
        creationTime: '2026-03-08T23:59:59Z',
        expiryDate: '2027-03-08T23:59:59Z',
      },
      price: 8.16,
    },
  })
}

export interface StatusChange {
  readonly uid?: string
  readonly from: string | null
  readonly to: string
  readonly at: string
}

export function mailboxStatusChanged({ uid = freshId(), from, to, at }: StatusChange): string {
  return JSON.stringify({
    event: 'mailbox.status_changed',
    timestamp: at,
    team_id: 'TEAM',
    team_name: 'Marketing',
    data: {
      mailbox: {
        uid,
        email: 'jane@example.com',
        username: 'jane',
        first_name: 'Jane',
        last_name: 'Doe',
        profile_picture: '',
        status: to,
        previous_status: from,
        platform: 'GOOGLE',
        renewal_date: null,
        renewal_status: 'na',
        is_admin: false,
        password: 'planted password',
        app_password: 'planted app password',
        secret: '',
        is_add_on: false,
      },
    },
  })
}

export function signed(body: string): SignedBody {
  return { headers: signOpenMail(body), body }
}
