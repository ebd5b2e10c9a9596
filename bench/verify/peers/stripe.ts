import Stripe from 'stripe'
import { type Peer, SECRET } from './peer.js'

export const stripe: Peer = {
  name: 'stripe',
  floor: 'B',
  prepare: async (body) => {
    const { webhooks } = new Stripe('sk_test_none')
    const header = webhooks.generateTestHeaderString({ payload: body.toString(), secret: SECRET })
    return (received) => webhooks.constructEvent(received, header, SECRET)
  },
}
