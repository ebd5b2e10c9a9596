import { setTimeout as sleep } from 'node:timers/promises'
import { anotherEvent, playDelivery, type SignedDelivery, sample, signedDelivery } from '@mailbox-hooks/testing'
import { SECRETS } from './receiver.ts'

/** Something that happens to a receiver. Its number makes it another event each time. */
type Step = (url: string) => Promise<unknown>

const post = async (url: string, { headers, body }: SignedDelivery) => {
  const response = await fetch(url, { method: 'POST', headers, body })
  return { status: response.status }
}

const mail = (options: { secret?: string; at?: number } = {}) =>
  signedDelivery('openmail', 'message.received', {
    secret: SECRETS.openMail,
    payload: anotherEvent('openmail', sample.openMail['message.received']()),
    ...options,
  })

const openMail: Step = (url) =>
  playDelivery('openmail', 'message.received', {
    secret: SECRETS.openMail,
    payload: anotherEvent('openmail', sample.openMail['message.received']()),
    send: (delivery) => post(url, delivery),
  })

const coldMailReseller: Step = (url) =>
  playDelivery('cold-mail-reseller', 'mailbox.created', {
    secret: SECRETS.coldMailReseller,
    payload: anotherEvent('cold-mail-reseller', sample.coldMailReseller['mailbox.created']()),
    send: (delivery) => post(url, delivery),
  })

const inboxKit: Step = (url) =>
  playDelivery('inboxkit', 'mailbox.status_changed', {
    secret: SECRETS.inboxKit,
    payload: anotherEvent('inboxkit', sample.inboxKit['mailbox.status_changed']()),
    send: (delivery) => post(url, delivery),
  })

const duplicates: Step = async (url) => {
  const delivery = mail()
  await Promise.all([post(url, delivery), post(url, delivery)])
  await post(url, delivery)
}

const reserialized: Step = (url) => {
  const { headers, body } = mail()
  return post(url, { headers, body: JSON.stringify(JSON.parse(body), undefined, 2) })
}

const ofAnotherProvider: Step = (url) => post(url, mail({ secret: SECRETS.inboxKit }))
const withStrayNewline: Step = (url) => post(url, mail({ secret: `${SECRETS.openMail}\n` }))
const tooOld: Step = (url) => post(url, mail({ at: Date.now() - 900_000 }))

const doubledHeader: Step = (url) => {
  const { headers, body } = mail()
  return post(url, {
    headers: { ...headers, 'x-signature': `${headers['x-signature']}, ${headers['x-signature']}` },
    body,
  })
}

const ofNobody: Step = (url) =>
  post(url, { headers: { 'content-type': 'application/json' }, body: '{"hello":"there"}' })

const otherThanItsSchema: Step = (url) => {
  const body = JSON.stringify({ ...anotherEvent('openmail', sample.openMail['message.received']()), message: 'a text' })
  return post(url, signedDelivery('openmail', 'message.received', { secret: SECRETS.openMail, body }))
}

const STEPS: readonly Step[] = [
  ...[openMail, coldMailReseller, inboxKit, duplicates, reserialized, openMail, ofAnotherProvider, coldMailReseller],
  ...[withStrayNewline, openMail, tooOld, inboxKit, doubledHeader, coldMailReseller, ofNobody, openMail],
  otherThanItsSchema,
]

/** Plays the providers, with duplicates, refusals, failures and retries, until the signal. */
export async function play(url: string, signal: AbortSignal): Promise<void> {
  for (let number = 0; !signal.aborted; number++) {
    await STEPS[number % STEPS.length]!(url)
    // Once through at once, so that there is something to look at; then at a pace at which a person can follow.
    if (number >= STEPS.length) await sleep(1_500, undefined, { signal }).catch(() => undefined)
  }
}
