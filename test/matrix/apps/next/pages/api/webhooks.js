import { webhooks } from '@mailbox-hooks/express'
import { createOptions, handle } from '../../../handler.js'

export const config = { api: { bodyParser: false } }

let receive

export default async function handler(request, response) {
  receive ??= webhooks(createOptions())
  await new Promise((resolve, reject) => {
    response.once('close', resolve)
    receive(request, response, (error) => {
      if (error) return reject(error)
      handle(receive.delivery(request)).then((result) => response.json(result), reject)
    })
  })
}
