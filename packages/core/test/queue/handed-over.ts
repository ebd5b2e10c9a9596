import { readFileSync } from 'node:fs'
import { coldMailReseller, createReceiver, type Delivery, type HandOffTerms, openMail } from '@mailbox-hooks/core'
import { opensslHmac } from '../openssl.js'
import { receive } from '../request.js'

/** A credential that the queue's readers must not see. */
export const APP_PASSWORD = 'planted apps pass word'

export interface HandedOver {
  readonly delivery: Delivery
  readonly terms: HandOffTerms
  readonly body: string
}

const NOW = Date.parse('2026-01-01T00:00:00.000Z')
const seconds = String(NOW / 1000)

const example = JSON.parse(
  readFileSync(new URL('../../../../fixtures/cold-mail-reseller/mailbox.created.google.json', import.meta.url), 'utf8'),
)

/** A delivery of a new mailbox, as a queue gets it. */
export function mailboxCreated(fields: object = {}): Promise<HandedOver> {
  const { data } = example
  const body = JSON.stringify({
    ...example,
    eventId: 'evt_1',
    data: { ...data, mailboxDetails: { ...data.mailboxDetails, appPassword: APP_PASSWORD } },
    ...fields,
  })
  return handOver(body, {
    'cmr-x-timestamp': seconds,
    'cmr-x-signature': opensslHmac('key', body).toString('hex'),
  })
}

/** A delivery of OpenMail, with everything that one may carry. */
export function openMailEvent(payload: object): Promise<HandedOver> {
  const body = JSON.stringify(payload)
  return handOver(body, {
    'x-timestamp': seconds,
    'x-signature': opensslHmac('openmail-key', `${seconds}.${body}`).toString('hex'),
  })
}

async function handOver(body: string, headers: Record<string, string>): Promise<HandedOver> {
  let handed: HandedOver | undefined
  const receiver = createReceiver({
    providers: [coldMailReseller({ secrets: ['key'] }), openMail({ secrets: ['openmail-key'], account: 'eu' })],
    now: () => NOW,
    ordering: true,
    invalid: 'deliver',
    handOff: async (delivery, terms) => {
      handed = { delivery, terms, body }
    },
  })
  const { answer } = await receive(receiver, { headers, body })
  if (handed === undefined) throw new Error(answer?.body)
  return handed
}
