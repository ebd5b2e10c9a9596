import { signatureOf } from '../signing.js'
import { messageReceived } from '../verify/bodies.js'

let events = 0

/** A request of its own event, signed now, as it goes over the wire. */
export function nextDelivery(path = '/webhooks', id = `evt_${process.pid}_${++events}`): Buffer {
  const body = messageReceived(id, 'Hello Ada, the invoice for March is attached. ', 700)
  const timestamp = String(Math.floor(Date.now() / 1000))
  const head =
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n` +
    `x-timestamp: ${timestamp}\r\nx-signature: ${signatureOf(timestamp, body).toString('hex')}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), body])
}
