import { Readable } from 'node:stream'
import { webhooks } from '@mailbox-hooks/koa'
import { adapterSuite, serve } from '@mailbox-hooks/testing/suites'
import { VERSIONS } from './versions.js'

for (const { name, Koa } of VERSIONS) {
  adapterSuite({
    name,
    start: (options, handle) => {
      const app = new Koa()
      app.use(webhooks(options)).use(async (ctx) => {
        const { status, body, pieces } = await handle(ctx.state.webhook)
        ctx.status = status
        if (pieces !== undefined) ctx.body = Readable.from(pieces)
        else if (body !== undefined) ctx.body = body
      })
      // Keeps the default error handler from printing.
      app.silent = true
      return serve(app.callback())
    },
  })
}
