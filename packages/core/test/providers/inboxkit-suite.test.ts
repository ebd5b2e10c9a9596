import { inboxKit } from '@mailbox-hooks/core'
import { anotherEvent, sample, signedDelivery } from '@mailbox-hooks/testing'
import { providerSuite } from '@mailbox-hooks/testing/suites'

const samples = Object.fromEntries(Object.entries(sample.inboxKit).map(([type, make]) => [type, make()]))

const READINGS = [
  { name: 'InboxKit by its static token', reading: 'token', trust: 'sender' },
  { name: 'InboxKit by HMAC', reading: 'body', trust: 'body' },
] as const

for (const { name, reading, trust } of READINGS) {
  providerSuite({
    name,
    provider: (secrets) => inboxKit({ secrets }),
    sign: ({ type, body, sentAt, secret }) =>
      // The suite makes types up, too.
      signedDelivery('inboxkit', type as 'mailbox.status_changed', { body, at: sentAt, secret, reading }).headers,
    samples,
    trust,
    anotherEvent: (payload) => anotherEvent('inboxkit', payload),
    maxAgeSeconds: 86_400,
  })
}
