import { Webhook as StandardWebhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { type Peer, SECRET } from './peer.js'

/** The two share a scheme: HMAC-SHA256 over id, time and body, in base64. */
function standardPeer(name: string, Webhook: typeof StandardWebhook | typeof SvixWebhook): Peer {
  return {
    name,
    floor: 'B',
    prepare: async (body) => {
      const webhook = new Webhook(Buffer.from(SECRET).toString('base64'))
      const now = new Date()
      const headers = {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': webhook.sign('msg_1', now, body.toString()),
      }
      return (received) => webhook.verify(received, headers)
    },
  }
}

export const standardWebhooks = standardPeer('standardwebhooks', StandardWebhook)
export const svix = standardPeer('svix', SvixWebhook)
