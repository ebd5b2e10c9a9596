import type { ProviderName } from '@mailbox-hooks/testing'
import { JSON_WRITINGS } from './json-writings.js'
import type { Play } from './play.js'

/** A documented lifecycle, played with every failure that the provider's documents allow. */
export interface Scenario {
  readonly name: string
  readonly provider: ProviderName
  readonly description: string
  readonly play: (play: Play) => Promise<void>
}

const COPIES = 4

const order: Scenario = {
  name: 'order',
  provider: 'cold-mail-reseller',
  description: 'a domain, three mailboxes of one order, and a change; one out of order, some repeated',
  async play(play) {
    const mailbox = (number: number) =>
      play.event(
        'mailbox.created',
        { 'data.mailboxDetails.mailboxId': `MAILBOX${number}`, 'data.mailboxDetails.email': `m${number}@company.com` },
        `mailbox ${number}`,
      )
    const [domain, ordered] = [play.event('domain.order.success'), play.event('mailbox.order.success')]
    const [first, second, third] = [mailbox(1), mailbox(2), mailbox(3)]
    await play.send(domain)
    await play.sendAgain(domain)
    await play.send(first)
    await play.send(ordered)
    await play.sendAtOnce(second, COPIES)
    await play.send(third)
    await play.sendAgain(first)
    await play.send(play.event('mailbox.updated'))
    await play.sendAgain(ordered)
  },
}

const failedOrder: Scenario = {
  name: 'failed-order',
  provider: 'cold-mail-reseller',
  description: 'a domain and an order of mailboxes that fail',
  async play(play) {
    const [domain, mailboxes] = [play.event('domain.order.failed'), play.event('mailbox.order.failed')]
    await play.send(domain)
    await play.sendAtOnce(mailboxes, COPIES)
    await play.sendAgain(domain)
    await play.sendAgain(mailboxes)
  },
}

const renewal: Scenario = {
  name: 'renewal',
  provider: 'cold-mail-reseller',
  description: 'a renewal, the next one blocked, and the end of the subscription, which overtakes it',
  async play(play) {
    const renewed = play.event('subscription.renewal.success')
    const blocked = play.event('subscription.renewal.failed')
    const cancelled = play.event('subscription.cancelled')
    await play.send(renewed)
    await play.sendAgain(renewed)
    await play.send(cancelled)
    await play.send(blocked)
    await play.sendAgain(cancelled)
  },
}

const prewarmup: Scenario = {
  name: 'prewarmup',
  provider: 'cold-mail-reseller',
  description: 'one order of two domains: one succeeds, the other fails',
  async play(play) {
    const orderId = 'ORDER-OF-TWO-DOMAINS'
    const success = play.event('prewarmup.order.success', { 'data.orderId': orderId })
    const failure = play.event('prewarmup.order.failed', { 'data.orderId': orderId })
    await play.sendAtOnce(success, COPIES)
    await play.send(failure)
    await play.sendAgain(success)
    await play.sendAgain(failure)
  },
}

const setup: Scenario = {
  name: 'setup',
  provider: 'inboxkit',
  description: 'one mailbox through its states to active, suspended and active again; two changes out of order',
  async play(play) {
    const uid = `MAILBOX-${Date.now()}`
    const startedAtMs = Date.now() - STATES.length * 1000
    const changes = STATES.map((status, index) =>
      play.event(
        'mailbox.status_changed',
        {
          'data.mailbox.uid': uid,
          'data.mailbox.status': status,
          'data.mailbox.previous_status': STATES[index - 1] ?? null,
          timestamp: new Date(startedAtMs + index * 1000).toISOString(),
        },
        status,
      ),
    )
    const [pending, dns, configuring, ...later] = changes as [Event, Event, Event, ...Event[]]
    await play.send(play.event('domain.status_changed'))
    await play.send(pending)
    await play.send(configuring)
    await play.send(dns)
    for (const change of later) await play.send(change)
    await play.sendAgain(pending)
    await play.sendAgain(configuring)
  },
}

type Event = ReturnType<Play['event']>

/** `active` occurs twice. The second one is not a duplicate. */
const STATES = [
  'pending',
  'waiting_for_dns_propagation',
  'configuring_workspace',
  'active',
  'suspended',
  'active',
] as const

const onboarding: Scenario = {
  name: 'onboarding',
  provider: 'inboxkit',
  description: 'an OAuth consent and a client id, each delivered several times in parallel',
  async play(play) {
    const consent = play.event('consent_request.status_changed')
    const client = play.event('client_id_request.status_changed')
    await play.sendAtOnce(consent, COPIES)
    await play.sendAtOnce(client, COPIES)
    await play.sendAgain(consent)
    await play.sendAgain(client)
  },
}

const message: Scenario = {
  name: 'message',
  provider: 'openmail',
  description: 'mails; a retry differs in its bytes',
  async play(play) {
    const [first, second] = [play.event('message.received', {}, 'mail 1'), play.event('message.received', {}, 'mail 2')]
    await play.send(first)
    await play.sendAgain(first)
    await play.sendAtOnce(second, COPIES)
    await play.sendAgain(second)
  },
}

const suspension: Scenario = {
  name: 'suspension',
  provider: 'openmail',
  description: 'an inbox and a pod suspended and reactivated; one reactivation overtakes its suspension',
  async play(play) {
    const [suspended, reactivated] = [play.event('inbox.suspended'), play.event('inbox.reactivated')]
    const [podSuspended, podReactivated] = [play.event('pod.suspended'), play.event('pod.reactivated')]
    await play.send(suspended)
    await play.sendAgain(suspended)
    await play.send(reactivated)
    await play.send(podReactivated)
    await play.send(podSuspended)
    await play.sendAgain(podReactivated)
  },
}

/** A forgery must be refused, and must not make the genuine delivery of the same event a duplicate. */
function forgery(provider: ProviderName, eventName: string, staleMs?: number): Scenario {
  return {
    name: `${provider}-forgery`,
    provider,
    description: `a forged delivery${staleMs === undefined ? '' : ' and an old one'}, then the genuine one`,
    async play(play) {
      const event = play.event(eventName)
      await play.forge(event)
      if (staleMs !== undefined) await play.sendStale(event, staleMs)
      await play.send(event)
      await play.sendAgain(event)
    },
  }
}

/** Signatures cover bytes: a receiver that verifies its own JSON accepts only senders that write JSON alike. */
function bytes(provider: ProviderName, eventName: string): Scenario {
  return {
    name: `${provider}-bytes`,
    provider,
    description: 'an event, and two whose JSON is written differently',
    async play(play) {
      await play.send(play.event(eventName))
      for (const { label, write } of JSON_WRITINGS) {
        const event = play.event(eventName, {}, label)
        await play.send({ ...event, body: write(event.payload) })
      }
    },
  }
}

/** Twice the five minutes that Cold Mail Reseller and OpenMail document. InboxKit documents none. */
const STALE_MS = 600_000

export const SCENARIOS: readonly Scenario[] = [
  order,
  failedOrder,
  renewal,
  prewarmup,
  forgery('cold-mail-reseller', 'mailbox.created', STALE_MS),
  bytes('cold-mail-reseller', 'mailbox.created'),
  setup,
  onboarding,
  forgery('inboxkit', 'mailbox.status_changed'),
  bytes('inboxkit', 'mailbox.status_changed'),
  message,
  suspension,
  forgery('openmail', 'message.received', STALE_MS),
  bytes('openmail', 'message.received'),
]
