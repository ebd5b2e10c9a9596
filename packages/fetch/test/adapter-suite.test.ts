import { getRequestListener } from '@hono/node-server'
import { webhooks } from '@mailbox-hooks/fetch'
import { adapterSuite, serve } from '@mailbox-hooks/testing/suites'
import { Hono } from 'hono'

adapterSuite({
  name: 'fetch',
  start: (options, handle) => {
    const receive = webhooks(options)(async (delivery) => {
      const { status, body, pieces } = await handle(delivery)
      if (pieces !== undefined)
        return new Response(ReadableStream.from(pieces.map((piece) => Buffer.from(piece))), { status })
      return body === undefined ? new Response(null, { status }) : Response.json(body, { status })
    })
    const app = new Hono().all('/webhooks', (c) => receive(c.req.raw))
    // Keeps the default error handler from printing.
    app.onError((_error, c) => c.text('', 500))
    return serve(getRequestListener(app.fetch))
  },
})
