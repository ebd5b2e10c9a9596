import { COPIES, played, type Scenario, type Sender } from '../played-provider.js'
import { SVIX_RETRIES_MS } from '../svix-retries.js'
import { agentMail } from './index.js'
import { agentMailSamples } from './samples.js'

const sender: Sender = {
  headers: () => ({ 'user-agent': 'Svix-Webhooks/1.0' }),
  retryAfterMs: SVIX_RETRIES_MS,
  clientErrorsAreFinal: false,
  identity: (id) => ({ event_id: id }),
}

const conversation: Scenario = {
  name: 'conversation',
  description: 'a mail, the answer to it, and what becomes of that; some come twice, one too early',
  async play(stage) {
    const [received, sent] = [stage.event('message.received'), stage.event('message.sent')]
    const [delivered, opened] = [stage.event('message.delivered'), stage.event('message.opened')]
    await stage.sendAtOnce(received, COPIES)
    await stage.send(delivered)
    await stage.send(sent)
    await stage.send(opened)
    await stage.sendAgain(received)
    await stage.sendAgain(sent)
  },
}

const unwanted: Scenario = {
  name: 'unwanted-mail',
  description: 'mails that are spam, blocked or unproven, and mails that bounce or meet a complaint',
  async play(stage) {
    for (const type of ['spam', 'blocked', 'unauthenticated']) await stage.send(stage.event(`message.received.${type}`))
    for (const type of ['bounced', 'complained', 'rejected']) await stage.send(stage.event(`message.${type}`))
    const verified = stage.event('domain.verified')
    await stage.send(verified)
    await stage.sendAgain(verified)
  },
}

const calendar: Scenario = {
  name: 'calendar',
  description: 'a meeting from its creation to its end; it is deleted before it is updated',
  async play(stage) {
    const events = ['created', 'responded', 'deleted', 'updated', 'starting', 'ending'].map((type) =>
      stage.event(`calendar.event.${type}`),
    )
    for (const event of events) await stage.send(event)
    await stage.sendAgain(events[0])
  },
}

export const agentMailPlayed = played({
  key: 'agentMail',
  name: 'agentmail',
  title: 'AgentMail',
  variable: 'AGENTMAIL_WEBHOOK_SECRET',
  create: ({ secrets }) => agentMail({ secrets }),
  samples: agentMailSamples,
  descriptions: {
    'message.received': 'A mail arrived.',
    'message.received.spam': 'A mail arrived that is spam.',
    'message.received.blocked': 'A mail arrived from a blocked sender.',
    'message.received.unauthenticated': 'A mail arrived whose sender is not proven.',
    'message.sent': 'A mail was sent.',
    'message.delivered': 'A mail was delivered.',
    'message.bounced': 'A mail bounced.',
    'message.complained': 'A recipient complained about a mail.',
    'message.rejected': 'A mail was rejected before it was sent.',
    'message.opened': 'A mail was opened for the first time; it does not say by whom.',
    'domain.verified': 'A domain was verified.',
    'calendar.event.created': 'A meeting was created (beta).',
    'calendar.event.updated': 'A meeting was changed (beta).',
    'calendar.event.deleted': 'A meeting was deleted (beta).',
    'calendar.event.responded': 'Somebody answered an invitation (beta).',
    'calendar.event.starting': 'A meeting begins (beta).',
    'calendar.event.ending': 'A meeting ends (beta).',
  },
  sender,
  scenarios: [conversation, unwanted, calendar],
})
