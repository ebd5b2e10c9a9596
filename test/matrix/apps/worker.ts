import { webhooks } from '@mailbox-hooks/fetch'
import { createOptions, handle } from './handler.js'

const createRoute = () => webhooks(createOptions())(async (delivery) => Response.json(await handle(delivery)))
let route: ReturnType<typeof createRoute> | undefined

export default {
  async fetch(request: Request): Promise<Response> {
    route ??= createRoute()
    return route(request).catch(() => new Response('failed', { status: 500 }))
  },
}
