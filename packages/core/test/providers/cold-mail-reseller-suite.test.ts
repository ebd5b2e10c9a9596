import { coldMailReseller } from '@mailbox-hooks/core'
import { anotherEvent, sample, signedDelivery } from '@mailbox-hooks/testing'
import { providerSuite } from '@mailbox-hooks/testing/suites'

const samples = Object.fromEntries(Object.entries(sample.coldMailReseller).map(([type, make]) => [type, make()]))

const READINGS = [
  { name: 'Cold Mail Reseller over the body', reading: 'body', trust: 'body' },
  { name: 'Cold Mail Reseller over timestamp.body', reading: 'timestamp.body', trust: 'body+timestamp' },
] as const

for (const { name, reading, trust } of READINGS) {
  providerSuite({
    name,
    provider: (secrets) => coldMailReseller({ secrets }),
    sign: ({ type, body, sentAt, secret }) =>
      // The suite makes types up, too.
      signedDelivery('cold-mail-reseller', type as 'mailbox.created', { body, at: sentAt, secret, reading }).headers,
    samples,
    trust,
    anotherEvent: (payload) => anotherEvent('cold-mail-reseller', payload),
    differences: { anyForm: { reason: 'no document shows a signature' } },
  })
}
