import { sample } from '../samples/sample.js'
import { type SignedDelivery, signedDelivery } from '../signed-delivery.js'

/** The secrets of the receivers under test. */
export const SECRETS = {
  coldMailReseller: 'cmr-api-key',
  inboxKit: 'inboxkit-team-key',
  openMail: 'openmail-webhook-secret',
} as const

let events = 0

/** Returns an unused event id. */
export const freshId = () => `evt_${process.pid}_${++events}`

/** Returns the body of an OpenMail delivery, with any fields replaced, even by wrong values. */
export const messageReceived = (id = freshId(), fields: object = {}): string =>
  JSON.stringify({ ...sample.openMail['message.received']({ event_id: id }), ...fields })

/** Signs any body as OpenMail does. */
export const signed = <Body extends string | Uint8Array>(body: Body, at?: number): SignedDelivery<Body> =>
  signedDelivery('openmail', 'message.received', { secret: SECRETS.openMail, body, at })
