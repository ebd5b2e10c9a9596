import { Webhooks } from '@octokit/webhooks'
import { sign, verify } from '@octokit/webhooks-methods'
import { type Peer, SECRET } from './peer.js'

export const octokitMethods: Peer = {
  name: '@octokit/webhooks-methods',
  floor: 'A',
  prepare: async (body) => {
    const signature = await sign(SECRET, body.toString())
    return (received) => verify(SECRET, received.toString(), signature)
  },
}

export const octokit: Peer = {
  name: '@octokit/webhooks',
  floor: 'B',
  prepare: async (body) => {
    const webhooks = new Webhooks({ secret: SECRET })
    const signature = await webhooks.sign(body.toString())
    return (received) => webhooks.verifyAndReceive({ id: '1', name: 'ping', payload: received.toString(), signature })
  },
}
