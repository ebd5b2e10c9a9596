import { createHmac } from 'node:crypto'
import { WebhookVerificationService } from '@hookflo/tern'
import { type Peer, SECRET } from './peer.js'

/** Takes a web `Request`, so making one is part of it. */
export const tern: Peer = {
  name: '@hookflo/tern',
  floor: 'B',
  prepare: async (body) => {
    const signature = createHmac('sha256', SECRET).update(body).digest('hex')
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` }
    return async (received) => {
      const request = new Request('http://localhost/', { method: 'POST', headers, body: received })
      const result = await WebhookVerificationService.verify(request, { platform: 'github', secret: SECRET })
      return result.isValid
    }
  },
}
