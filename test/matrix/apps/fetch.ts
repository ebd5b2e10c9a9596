import { serve } from '@hono/node-server'
import { webhooks } from '@mailbox-hooks/fetch'
import { Hono } from 'hono'
import { createOptions, handle } from './handler.js'
import { announce, PORT } from './port.js'

const POST = webhooks(createOptions())(async (delivery) => Response.json(await handle(delivery)))

const app = new Hono()
app.post('/webhooks', (c) => POST(c.req.raw))
app.onError((_error, c) => c.text('failed', 500))

declare const Bun: { serve(options: object): void } | undefined
declare const Deno: { serve(options: object, handler: typeof app.fetch): void } | undefined

const address = { port: PORT, hostname: '127.0.0.1' }

// Each runtime with its own server.
if (typeof Bun !== 'undefined') {
  Bun.serve({ ...address, fetch: app.fetch })
  announce()
} else if (typeof Deno !== 'undefined') {
  Deno.serve({ ...address, onListen: announce }, app.fetch)
} else {
  serve({ ...address, fetch: app.fetch }, announce)
}
