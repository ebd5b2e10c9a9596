import { COPIES, played, type Scenario, type Sender } from '../played-provider.js'
import { openMail } from './index.js'
import { openMailSamples } from './samples.js'

const sender: Sender = {
  signing: {
    signatureHeader: 'x-signature',
    timestampHeader: 'x-timestamp',
    reading: 'timestamp.body',
    prefix: '',
    time: 'seconds',
  },
  headers: (_event, payload) => ({ ...(typeof payload?.event_id === 'string' && { 'x-event-id': payload.event_id }) }),
  retryAfterMs: [30_000, 60_000, 120_000, 240_000],
  clientErrorsAreFinal: false,
  // Only mails carry the number of their attempt, so their body changes with each retry.
  repeat: (payload, attempt, at) =>
    'attempt' in payload ? { ...payload, attempt, delivered_at: at.toISOString() } : payload,
  identity: (id, at) => ({ event_id: id, occurred_at: at.toISOString() }),
}

const message: Scenario = {
  name: 'message',
  description: 'mails; a retry differs in its bytes',
  async play(stage) {
    const [first, second] = [
      stage.event('message.received', {}, 'mail 1'),
      stage.event('message.received', {}, 'mail 2'),
    ]
    await stage.send(first)
    await stage.sendAgain(first)
    await stage.sendAtOnce(second, COPIES)
    await stage.sendAgain(second)
  },
}

const suspension: Scenario = {
  name: 'suspension',
  description: 'an inbox and a pod suspended and reactivated; one reactivation overtakes its suspension',
  async play(stage) {
    const [suspended, reactivated] = [stage.event('inbox.suspended'), stage.event('inbox.reactivated')]
    const [podSuspended, podReactivated] = [stage.event('pod.suspended'), stage.event('pod.reactivated')]
    await stage.send(suspended)
    await stage.sendAgain(suspended)
    await stage.send(reactivated)
    await stage.send(podReactivated)
    await stage.send(podSuspended)
    await stage.sendAgain(podReactivated)
  },
}

export const openMailPlayed = played({
  key: 'openMail',
  name: 'openmail',
  title: 'OpenMail',
  variable: 'OPENMAIL_WEBHOOK_SECRET',
  create: ({ secrets }) => openMail({ secrets }),
  samples: openMailSamples,
  descriptions: {
    'message.received': 'A mail arrived, with its text and attachments.',
    'inbox.suspended': 'An inbox may no longer send.',
    'inbox.reactivated': 'An inbox may send again.',
    'pod.suspended': 'The inboxes of a pod may no longer send.',
    'pod.reactivated': 'The inboxes of a pod may send again.',
  },
  sender,
  scenarios: [message, suspension],
})
