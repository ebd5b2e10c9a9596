import { getRequestListener } from '@hono/node-server'
import { memoryStore, openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { webhooks as expressWebhooks } from '@mailbox-hooks/express'
import { webhooks as fastifyWebhooks } from '@mailbox-hooks/fastify'
import { webhooks as fetchWebhooks } from '@mailbox-hooks/fetch'
import { webhooks as koaWebhooks } from '@mailbox-hooks/koa'
import type { RunningServer } from '@mailbox-hooks/testing/suites'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { SECRETS } from '../../packages/testing/src/adapter-suite/deliveries.js'
import { serve } from '../../packages/testing/src/adapter-suite/serve.js'

type Start = (options: ReceiverOptions) => Promise<RunningServer>

const START: Readonly<Record<string, Start>> = {
  Express: (options) => {
    const receive = expressWebhooks(options)
    return serve(express().post('/webhooks', receive, (_req, res) => void res.json({ handled: true })))
  },
  Koa: (options) =>
    serve(
      new Koa()
        .use(koaWebhooks(options))
        .use((ctx) => {
          ctx.body = { handled: true }
        })
        .callback(),
    ),
  Fastify: async (options) => {
    const app = fastify({ forceCloseConnections: true })
    await app.register(fastifyWebhooks, options)
    app.post('/webhooks', { config: { webhook: true } }, async () => ({ handled: true }))
    return { url: `${await app.listen({ host: '127.0.0.1', port: 0 })}/webhooks`, close: () => app.close() }
  },
  Hono: (options) => {
    const receive = fetchWebhooks(options)(async () => Response.json({ handled: true }))
    return serve(getRequestListener(new Hono().post('/webhooks', (c) => receive(c.req.raw)).fetch))
  },
}

/** Each framework with its adapter, as its README shows it. */
export const FRAMEWORKS = Object.entries(START).map(([name, start]) => ({
  name,
  start: () => start({ providers: [openMail({ secrets: [SECRETS.openMail] })], store: memoryStore() }),
}))
