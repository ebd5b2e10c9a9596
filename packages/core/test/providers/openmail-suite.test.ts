import { openMail } from '@mailbox-hooks/core'
import { anotherEvent, sample, signedDelivery } from '@mailbox-hooks/testing'
import { providerSuite } from '@mailbox-hooks/testing/suites'

const samples = Object.fromEntries(Object.entries(sample.openMail).map(([type, make]) => [type, make()]))

providerSuite({
  name: 'OpenMail',
  provider: (secrets) => openMail({ secrets }),
  sign: ({ type, body, sentAt, secret }) =>
    // The suite makes types up, too.
    signedDelivery('openmail', type as 'message.received', { body, at: sentAt, secret }).headers,
  samples,
  trust: 'body+timestamp',
  anotherEvent: (payload) => anotherEvent('openmail', payload),
  nextAttempt: (payload) => ({ ...payload, attempt: 2, delivered_at: '2026-01-31T12:00:05.000Z' }),
})
