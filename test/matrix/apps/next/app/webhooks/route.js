import { webhooks } from '@mailbox-hooks/fetch'
import { createOptions, handle } from '../../../handler.js'

const createRoute = () => webhooks(createOptions())(async (delivery) => Response.json(await handle(delivery)))
let route

export function POST(request) {
  route ??= createRoute()
  return route(request)
}
