import { openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/koa'
import { serve } from '@mailbox-hooks/testing/suites'
import Koa, { type Context } from 'koa'
import { expect, it, onTestFinished } from 'vitest'

it("gives onOutcome Koa's context", async () => {
  const ids: unknown[] = []
  const app = new Koa().use(async (ctx, next) => {
    ctx.state.requestId = 'id-1'
    await next()
  })
  app.use(
    webhooks({
      providers: [openMail({ secrets: ['a-secret-of-16-bytes'] })],
      onOutcome: ({ code }, ctx: Context) => ids.push([code, ctx.state.requestId, ctx.path]),
    }),
  )
  const { url, close } = await serve(app.callback())
  onTestFinished(close)
  await fetch(url)
  expect(ids).toEqual([['method_not_allowed', 'id-1', '/webhooks']])
})
