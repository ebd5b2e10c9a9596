import { sample } from '../samples/sample.js'
import { type SignedDelivery, signedDelivery } from '../signed-delivery.js'

/** What the receivers under test are set up with. */
export const SECRETS = {
  coldMailReseller: 'cmr-api-key',
  inboxKit: 'inboxkit-team-key',
  openMail: 'openmail-webhook-secret',
} as const

let events = 0

/** An event id that no other test has used. */
export const freshId = () => `evt_${process.pid}_${++events}`

/** The body of an OpenMail delivery, with any fields replaced, by wrong ones too. */
export const messageReceived = (id = freshId(), fields: object = {}): string =>
  JSON.stringify({ ...sample.openMail['message.received']({ event_id: id }), ...fields })

/** A body, whatever it is, as OpenMail signs it. */
export const signed = <Body extends string | Uint8Array>(body: Body, at?: number): SignedDelivery<Body> =>
  signedDelivery('openmail', 'message.received', { secret: SECRETS.openMail, body, at })
