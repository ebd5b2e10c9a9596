import { COPIES, played, type Scenario, type Sender } from '../played-provider.js'
import { inboxKit } from './index.js'
import { inboxKitSamples } from './samples.js'

/** Sends the hash of the team's key as the signature, the same in each request. Only the time distinguishes events. */
const sender: Sender = {
  signing: {
    signatureHeader: 'x-inboxkit-signature',
    timestampHeader: 'x-inboxkit-timestamp',
    reading: 'token',
    prefix: 'sha256=',
    time: 'iso',
  },
  headers: (event) => ({ 'x-inboxkit-event': event, 'user-agent': 'InboxKit-Webhook/1.0' }),
  // The only known fact is "up to 3 retries within minutes".
  retryAfterMs: [30_000, 60_000, 120_000],
  clientErrorsAreFinal: true,
  identity: (_id, at) => ({ timestamp: at.toISOString() }),
}

/** `active` occurs twice. The second one is not a duplicate. */
const STATES = [
  'pending',
  'waiting_for_dns_propagation',
  'configuring_workspace',
  'active',
  'suspended',
  'active',
] as const

const setup: Scenario = {
  name: 'setup',
  description: 'one mailbox through its states to active, suspended and active again; two changes out of order',
  async play(stage) {
    const uid = `MAILBOX-${Date.now()}`
    const startedAtMs = Date.now() - STATES.length * 1000
    const changes = STATES.map((status, index) =>
      stage.event(
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
    const [pending, dns, configuring, ...later] = changes as [unknown, unknown, unknown, ...unknown[]]
    await stage.send(stage.event('domain.status_changed'))
    await stage.send(pending)
    await stage.send(configuring)
    await stage.send(dns)
    for (const change of later) await stage.send(change)
    await stage.sendAgain(pending)
    await stage.sendAgain(configuring)
  },
}

const onboarding: Scenario = {
  name: 'onboarding',
  description: 'an OAuth consent and a client id, each delivered several times in parallel',
  async play(stage) {
    const consent = stage.event('consent_request.status_changed')
    const client = stage.event('client_id_request.status_changed')
    await stage.sendAtOnce(consent, COPIES)
    await stage.sendAtOnce(client, COPIES)
    await stage.sendAgain(consent)
    await stage.sendAgain(client)
  },
}

export const inboxKitPlayed = played({
  key: 'inboxKit',
  name: 'inboxkit',
  title: 'InboxKit',
  variable: 'INBOXKIT_API_KEY',
  create: ({ secrets }) => inboxKit({ secrets }),
  samples: inboxKitSamples,
  descriptions: {
    'mailbox.status_changed': 'The status of a mailbox changed; carries its credentials.',
    'domain.status_changed': 'The status of a domain changed.',
    'consent_request.status_changed': 'The status of an OAuth consent request changed.',
    'client_id_request.status_changed': 'The status of an OAuth client id request changed.',
  },
  sender,
  scenarios: [setup, onboarding],
})
