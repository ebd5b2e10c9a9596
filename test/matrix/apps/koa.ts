import { webhooks } from '@mailbox-hooks/koa'
import Koa from 'koa'
import { createOptions, handle } from './handler.js'
import { announce, PORT } from './port.js'

const app = new Koa()
app.silent = true
app.use(webhooks(createOptions()))
app.use(async (ctx) => {
  ctx.body = await handle(ctx.state.webhook)
})
app.listen(PORT, '127.0.0.1', announce)
