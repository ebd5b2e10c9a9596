import { createHmac } from 'node:crypto'
import { SECRET, signatureOf } from '../signing.js'
import { messageReceived } from '../verify/bodies.js'

export const STANDARD_SECRET = Buffer.from(SECRET).toString('base64')

let events = 0

const nextId = () => `evt_${process.pid}_${++events}`

/** A request of its own event, signed now as OpenMail does it, as it goes over the wire. */
export function nextDelivery(path = '/webhooks', id = nextId()): Buffer {
  const body = bodyOf(id)
  const timestamp = seconds()
  const headers = { 'x-timestamp': timestamp, 'x-signature': signatureOf(timestamp, body).toString('hex') }
  return request(path, headers, body)
}

/** The same body as GitHub would sign it. */
export function gitHubDelivery(): Buffer {
  const id = nextId()
  const body = bodyOf(id)
  const signature = createHmac('sha256', SECRET).update(body).digest('hex')
  const headers = { 'x-github-event': 'ping', 'x-github-delivery': id, 'x-hub-signature-256': `sha256=${signature}` }
  return request('/webhooks', headers, body)
}

/** The same body as Stripe would sign it. */
export function stripeDelivery(): Buffer {
  const body = bodyOf(nextId())
  const timestamp = seconds()
  const signature = signatureOf(timestamp, body).toString('hex')
  return request('/webhooks', { 'stripe-signature': `t=${timestamp},v1=${signature}` }, body)
}

/** The same body as Standard Webhooks would have it signed. */
export function standardDelivery(): Buffer {
  const id = nextId()
  const body = bodyOf(id)
  const timestamp = seconds()
  const signature = createHmac('sha256', SECRET).update(`${id}.${timestamp}.`).update(body).digest('base64')
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
  return request('/webhooks', headers, body)
}

/** The same request with one letter of the message changed. */
export function forged(delivery: Buffer): Buffer {
  const forgery = Buffer.from(delivery)
  forgery[forgery.indexOf('Subject')] = 's'.charCodeAt(0)
  return forgery
}

const bodyOf = (id: string) => messageReceived(id, 'Hello Ada, the invoice for March is attached. ', 700)

const seconds = () => String(Math.floor(Date.now() / 1000))

function request(path: string, headers: Readonly<Record<string, string>>, body: Buffer): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    'host: localhost',
    'content-type: application/json',
    `content-length: ${body.length}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body])
}
