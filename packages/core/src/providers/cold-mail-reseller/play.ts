import { COPIES, played, type Scenario, type Sender } from '../played-provider.js'
import { coldMailReseller } from './index.js'
import { coldMailResellerSamples } from './samples.js'

/** Signs the body in lower-case hex. The documents say "HMAC-SHA256 signature of the payload" and show no sample. */
const sender: Sender = {
  signing: {
    signatureHeader: 'cmr-x-signature',
    timestampHeader: 'cmr-x-timestamp',
    reading: 'body',
    prefix: '',
    time: 'seconds',
  },
  retryAfterMs: [30_000, 300_000],
  clientErrorsAreFinal: false,
  identity: (id) => ({ eventId: id }),
}

const order: Scenario = {
  name: 'order',
  description: 'a domain, three mailboxes of one order, and a change; one out of order, some repeated',
  async play(stage) {
    const mailbox = (number: number) =>
      stage.event(
        'mailbox.created',
        { 'data.mailboxDetails.mailboxId': `MAILBOX${number}`, 'data.mailboxDetails.email': `m${number}@company.com` },
        `mailbox ${number}`,
      )
    const [domain, ordered] = [stage.event('domain.order.success'), stage.event('mailbox.order.success')]
    const [first, second, third] = [mailbox(1), mailbox(2), mailbox(3)]
    await stage.send(domain)
    await stage.sendAgain(domain)
    await stage.send(first)
    await stage.send(ordered)
    await stage.sendAtOnce(second, COPIES)
    await stage.send(third)
    await stage.sendAgain(first)
    await stage.send(stage.event('mailbox.updated'))
    await stage.sendAgain(ordered)
  },
}

const failedOrder: Scenario = {
  name: 'failed-order',
  description: 'a domain and an order of mailboxes that fail',
  async play(stage) {
    const [domain, mailboxes] = [stage.event('domain.order.failed'), stage.event('mailbox.order.failed')]
    await stage.send(domain)
    await stage.sendAtOnce(mailboxes, COPIES)
    await stage.sendAgain(domain)
    await stage.sendAgain(mailboxes)
  },
}

const renewal: Scenario = {
  name: 'renewal',
  description: 'a renewal, the next one blocked, and the end of the subscription, which overtakes it',
  async play(stage) {
    const renewed = stage.event('subscription.renewal.success')
    const blocked = stage.event('subscription.renewal.failed')
    const cancelled = stage.event('subscription.cancelled')
    await stage.send(renewed)
    await stage.sendAgain(renewed)
    await stage.send(cancelled)
    await stage.send(blocked)
    await stage.sendAgain(cancelled)
  },
}

const prewarmup: Scenario = {
  name: 'prewarmup',
  description: 'one order of two domains: one succeeds, the other fails',
  async play(stage) {
    const orderId = 'ORDER-OF-TWO-DOMAINS'
    const success = stage.event('prewarmup.order.success', { 'data.orderId': orderId })
    const failure = stage.event('prewarmup.order.failed', { 'data.orderId': orderId })
    await stage.sendAtOnce(success, COPIES)
    await stage.send(failure)
    await stage.sendAgain(success)
    await stage.sendAgain(failure)
  },
}

export const coldMailResellerPlayed = played({
  key: 'coldMailReseller',
  name: 'cold-mail-reseller',
  title: 'Cold Mail Reseller',
  variable: 'CMR_API_KEY',
  create: ({ secrets }) => coldMailReseller({ secrets }),
  samples: coldMailResellerSamples,
  descriptions: {
    'domain.order.success': 'A domain was registered.',
    'domain.order.failed': 'A domain could not be registered; no mailbox events follow.',
    'mailbox.order.success': 'An order of mailboxes was accepted; they do not exist yet.',
    'mailbox.order.failed': 'An order of mailboxes failed.',
    'mailbox.created': 'One mailbox is ready, with its credentials; sent once for each mailbox.',
    'mailbox.updated': 'Details of a mailbox were changed; carries the changed fields with their new values.',
    'subscription.renewal.success': 'A subscription was renewed.',
    'subscription.renewal.failed': 'A renewal is blocked, usually by the state of the domain.',
    'subscription.cancelled': 'A subscription ends; its mailboxes are removed.',
    'prewarmup.order.success': 'Pre-warmed mailboxes were assigned, with their credentials.',
    'prewarmup.order.failed': 'Pre-warmed mailboxes could not be assigned for some domains of an order.',
  },
  sender,
  scenarios: [order, failedOrder, renewal, prewarmup],
})
