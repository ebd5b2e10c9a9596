import { webhooks } from '@mailbox-hooks/express'
import type { NextApiRequest, NextApiResponse } from 'next'
import { createOptions } from '../../webhooks'

// Signatures cover the bytes, so Next must not parse them.
export const config = { api: { bodyParser: false } }

const createReceiver = () => webhooks(createOptions())

// `next build` imports this module, and has no secrets. So the first request creates the receiver.
let receiver: ReturnType<typeof createReceiver> | undefined

export default async function handler(request: NextApiRequest, response: NextApiResponse) {
  receiver ??= createReceiver()
  const receive = receiver
  await new Promise<void>((resolve, reject) => {
    response.once('close', resolve)
    receive(request, response, (error?: unknown) => {
      if (error !== undefined) return reject(error)
      try {
        const { event } = receive.delivery(request)
        if (event.type === 'mailbox.created') console.log('new mailbox', event.payload.data.mailboxDetails.email)
        if (event.type === 'message.received') console.log('mail from', event.payload.message.from)
        response.json({ received: true })
      } catch (caught) {
        reject(caught)
      }
    })
  })
}
