import type { ServerResponse } from 'node:http'
import { type Delivery, type Outcome, openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { webhooks as expressWebhooks } from '@mailbox-hooks/express'
import { webhooks as fastifyWebhooks } from '@mailbox-hooks/fastify'
import { webhooks as koaWebhooks } from '@mailbox-hooks/koa'
import express from 'express'
import fastify from 'fastify'
import Koa from 'koa'
import { expect, it, onTestFinished } from 'vitest'
import { send } from '../../packages/testing/src/adapter-suite/client.js'
import { messageReceived, SECRETS, signed } from '../../packages/testing/src/adapter-suite/deliveries.js'
import { serve } from '../../packages/testing/src/adapter-suite/serve.js'
import { storeThatRollsBack } from '../../packages/testing/src/adapter-suite/store-that-rolls-back.js'

/** Sends a part of a 2xx past the framework. The transaction with the mark is rolled back meanwhile. */
async function answerHalf(response: ServerResponse, delivery: Pick<Delivery, 'complete'>): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '9' })
  response.write('half ')
  await delivery.complete({ within: {} })
}

type Start = (options: ReceiverOptions) => Promise<{ url: string; close(): Promise<void> }>

const HANDLERS: Readonly<Record<string, Start>> = {
  'Express, when the handler ends the answer': (options) => {
    const receive = expressWebhooks(options)
    return serve(
      express().post('/webhooks', receive, async (req, res) => {
        await answerHalf(res, receive.delivery(req))
        res.end('half')
      }),
    )
  },
  'Koa, when the handler has left the rest to Koa': (options) =>
    serve(
      new Koa()
        .use(koaWebhooks(options))
        .use(async (ctx) => {
          ctx.status = 200
          ctx.body = 'half'
          await answerHalf(ctx.res, ctx.state.webhook)
        })
        .callback(),
    ),
  'Koa, when the handler ends the answer later': (options) =>
    serve(
      new Koa()
        .use(koaWebhooks(options))
        .use(async (ctx) => {
          ctx.respond = false
          ctx.status = 200
          await answerHalf(ctx.res, ctx.state.webhook)
          setTimeout(() => ctx.res.end('half'), 100)
        })
        .callback(),
    ),
  'Fastify, when the handler ends the answer later': async (options) => {
    const app = fastify({ forceCloseConnections: true })
    await app.register(fastifyWebhooks, options)
    app.post('/webhooks', { config: { webhook: true } }, async (request, reply) => {
      await answerHalf(reply.raw, app.webhooks.delivery(request))
      setTimeout(() => reply.raw.end('half'), 100)
    })
    return { url: `${await app.listen({ host: '127.0.0.1', port: 0 })}/webhooks`, close: () => app.close() }
  },
}

it.each(Object.keys(HANDLERS))('cuts a half answer off whose mark was not committed: %s', async (name) => {
  const outcomes: Outcome[] = []
  const { url, close } = await HANDLERS[name]!({
    providers: [openMail({ secrets: [SECRETS.openMail] })],
    store: storeThatRollsBack(),
    onOutcome: (outcome) => outcomes.push(outcome),
  })
  onTestFinished(close)
  await expect(send(url, signed(messageReceived()))).rejects.toThrow(/aborted|socket hang up|ECONNRESET/)
  expect(outcomes).toMatchObject([{ kind: 'failed', status: 503, code: 'mark_not_committed' }])
})
