import { COPIES, played, type Scenario, type Sender } from '../played-provider.js'
import { SVIX_RETRIES_MS } from '../svix-retries.js'
import { resend } from './index.js'
import { resendSamples } from './samples.js'

const sender: Sender = {
  headers: () => ({ 'user-agent': 'Svix-Webhooks/1.0' }),
  retryAfterMs: SVIX_RETRIES_MS,
  clientErrorsAreFinal: false,
  // The body has no id. The one in the header is made of the body, and so another one for another time.
  identity: (_id, at) => ({ created_at: at.toISOString() }),
}

const mail: Scenario = {
  name: 'mail',
  description: 'a mail that is sent, delivered, opened twice and clicked; one event overtakes another',
  async play(stage) {
    const [sent, delivered] = [stage.event('email.sent'), stage.event('email.delivered')]
    const [first, second] = [stage.event('email.opened', {}, 'once'), stage.event('email.opened', {}, 'again')]
    await stage.send(delivered)
    await stage.send(sent)
    await stage.sendAtOnce(first, COPIES)
    await stage.send(second)
    await stage.send(stage.event('email.clicked'))
    await stage.sendAgain(sent)
    await stage.sendAgain(first)
  },
}

const failedMail: Scenario = {
  name: 'failed-mail',
  description: 'mails that are delayed, bounce, fail or meet a complaint, and the addresses that are suppressed then',
  async play(stage) {
    for (const type of ['scheduled', 'delivery_delayed', 'bounced', 'complained', 'failed', 'suppressed']) {
      await stage.send(stage.event(`email.${type}`))
    }
    const [added, removed] = [stage.event('suppression.added'), stage.event('suppression.removed')]
    await stage.send(removed)
    await stage.send(added)
    await stage.sendAgain(removed)
  },
}

const inbound: Scenario = {
  name: 'inbound-mail',
  description: 'a mail that is received, and its way through an inbox',
  async play(stage) {
    await stage.sendAtOnce(stage.event('email.received'), COPIES)
    const types = [
      ...['created', 'updated', 'thread.created', 'email.received', 'thread.folder.updated', 'thread.assigned'],
      ...['thread.unassigned', 'thread.labels.updated', 'draft.created', 'draft.updated', 'draft.sent', 'email.sent'],
      ...['draft.deleted', 'deleted'],
    ]
    for (const type of types) await stage.send(stage.event(`inbox.${type}`))
  },
}

const lists: Scenario = {
  name: 'lists',
  description: 'contacts, topics and domains that are created, changed and deleted',
  async play(stage) {
    for (const subject of ['contact', 'topic', 'domain']) {
      const created = stage.event(`${subject}.created`)
      await stage.send(created)
      await stage.send(stage.event(`${subject}.updated`))
      await stage.send(stage.event(`${subject}.deleted`))
      await stage.sendAgain(created)
    }
    await stage.send(stage.event('contact.topics.updated'))
  },
}

export const resendPlayed = played({
  key: 'resend',
  name: 'resend',
  title: 'Resend',
  variable: 'RESEND_WEBHOOK_SECRET',
  create: ({ secrets }) => resend({ secrets }),
  samples: resendSamples,
  descriptions: {
    'email.sent': 'A mail was handed to the server of its recipient.',
    'email.scheduled': 'A mail is to be sent later.',
    'email.delivered': 'A mail was delivered.',
    'email.delivery_delayed': 'A mail could not be delivered yet.',
    'email.complained': 'A recipient complained about a mail.',
    'email.bounced': 'A mail bounced.',
    'email.opened': 'A mail was opened; it does not say by whom, and comes several times.',
    'email.clicked': 'A link in a mail was clicked.',
    'email.received': 'A mail arrived; fetch its text by its id.',
    'email.failed': 'A mail could not be sent.',
    'email.suppressed': 'A mail was not sent, because its recipient is suppressed.',
    'contact.created': 'A contact was created.',
    'contact.updated': 'A contact was changed.',
    'contact.deleted': 'A contact was deleted.',
    'contact.topics.updated': 'A contact subscribed to topics, or unsubscribed.',
    'domain.created': 'A domain was created.',
    'domain.updated': 'A domain was changed, or verified.',
    'domain.deleted': 'A domain was deleted.',
    'suppression.added': 'An address gets no mail any more.',
    'suppression.removed': 'An address gets mail again.',
    'topic.created': 'A topic was created.',
    'topic.updated': 'A topic was changed.',
    'topic.deleted': 'A topic was deleted.',
    'inbox.created': 'An inbox was created.',
    'inbox.updated': 'An inbox was changed.',
    'inbox.deleted': 'An inbox was deleted.',
    'inbox.thread.created': 'A thread began in an inbox.',
    'inbox.thread.folder.updated': 'A thread was moved to another folder.',
    'inbox.thread.assigned': 'A thread was assigned to somebody.',
    'inbox.thread.unassigned': 'A thread is assigned to nobody any more.',
    'inbox.thread.labels.updated': 'The labels of a thread changed.',
    'inbox.email.received': 'A mail arrived in an inbox; fetch its text by its id.',
    'inbox.email.sent': 'A mail was sent from an inbox.',
    'inbox.draft.created': 'A draft was created.',
    'inbox.draft.updated': 'A draft was changed.',
    'inbox.draft.sent': 'A draft was sent.',
    'inbox.draft.deleted': 'A draft was deleted.',
  },
  sender,
  scenarios: [mail, failedMail, inbound, lists],
})
