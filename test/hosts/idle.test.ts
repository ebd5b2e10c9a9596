import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Health, openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { webhooks as expressWebhooks } from '@mailbox-hooks/express'
import { webhooks as fastifyWebhooks } from '@mailbox-hooks/fastify'
import { webhooks as fetchWebhooks } from '@mailbox-hooks/fetch'
import { webhooks as koaWebhooks } from '@mailbox-hooks/koa'
import { signedDelivery } from '@mailbox-hooks/testing'
import express from 'express'
import fastify from 'fastify'
import Koa from 'koa'
import { describe, expect, it, onTestFinished } from 'vitest'

const secret = 'openmail-signing-key'
const options: ReceiverOptions = { providers: [openMail({ secrets: [secret] })] }

interface Running {
  readonly idle: () => Promise<void>
  readonly health: () => Promise<Health>
  /** Sends a delivery, and resolves once the handler has begun. */
  send(signal?: AbortSignal): Promise<unknown>
}

/** The work of a handler, which ends when the test says so. */
class Work {
  readonly begun: Promise<void>
  readonly ended: Promise<void>
  begin = () => {}
  end = () => {}

  constructor() {
    this.begun = new Promise((resolve) => (this.begin = resolve))
    this.ended = new Promise((resolve) => (this.end = resolve))
  }

  async run(): Promise<void> {
    this.begin()
    await this.ended
  }
}

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  onTestFinished(() => void server.closeAllConnections())
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`
}

async function deliverTo(url: string, signal: AbortSignal | null = null): Promise<number> {
  const { headers, body } = signedDelivery('openmail', 'message.received', { secret })
  return (await fetch(url, { method: 'POST', headers, body, signal })).status
}

const ADAPTERS: Record<string, (work: Work) => Promise<Running & { url: string }>> = {
  async express(work) {
    const receive = expressWebhooks(options)
    const app = express().post('/webhooks', receive, async (_req, res) => {
      await work.run()
      res.json({})
    })
    return running(await listen(app), receive)
  },
  async koa(work) {
    const receive = koaWebhooks(options)
    const app = new Koa().use(receive).use(() => work.run())
    return running(await listen(app.callback()), receive)
  },
  async 'koa, answered without Koa'(work) {
    const receive = koaWebhooks(options)
    const app = new Koa().use(receive).use(async (ctx) => {
      ctx.respond = false
      ctx.res.statusCode = 200
      await ctx.state.webhook.complete()
      void work.run().then(() => ctx.res.end())
    })
    return running(await listen(app.callback()), receive)
  },
  async fastify(work) {
    const app = fastify()
    onTestFinished(() => app.close())
    await app.register(fastifyWebhooks, options)
    app.post('/webhooks', { config: { webhook: true } }, async () => {
      await work.run()
      return {}
    })
    return running(`${await app.listen({ host: '127.0.0.1', port: 0 })}/webhooks`, app.webhooks)
  },
  async 'fastify, hijacked'(work) {
    const app = fastify({ forceCloseConnections: true })
    onTestFinished(() => app.close())
    await app.register(fastifyWebhooks, options)
    app.post('/webhooks', { config: { webhook: true } }, async (request, reply) => {
      reply.hijack()
      await app.webhooks.delivery(request).complete()
      void work.run().then(() => reply.raw.end())
    })
    return running(`${await app.listen({ host: '127.0.0.1', port: 0 })}/webhooks`, app.webhooks)
  },
  async fetch(work) {
    const receive = fetchWebhooks(options)
    const route = receive(async () => {
      await work.run()
    })
    const url = await listen(async (request, response) => {
      const { method, headers } = request
      const body = Buffer.concat(await request.toArray())
      const { status } = await route(new Request('http://x/', { method: method!, headers: headers as never, body }))
      response.writeHead(status).end()
    })
    return running(url, receive)
  },
}

function running(url: string, { idle, health }: Pick<Running, 'idle' | 'health'>): Running & { url: string } {
  return { url, idle, health, send: (signal) => deliverTo(url, signal) }
}

/** Whether it has resolved within a few turns of the loop. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let is = false
  void promise.then(() => (is = true))
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
  return is
}

describe.each(Object.entries(ADAPTERS))('%s', (_name, start) => {
  it('is idle once its handler has ended', async () => {
    const work = new Work()
    const { idle, send, health } = await start(work)
    await idle()
    const answer = send()
    await work.begun
    expect(await isSettled(idle())).toBe(false)
    work.end()
    expect(await answer).toBe(200)
    await idle()
    expect(await health()).toMatchObject({
      ok: true,
      providers: [{ name: 'openmail', lastReceivedAt: expect.any(Date) }],
    })
  })

  it('is idle once its handler has ended, though the client has left', async () => {
    const work = new Work()
    const { idle, send } = await start(work)
    const client = new AbortController()
    const answer = send(client.signal).catch((error: Error) => error.name)
    await work.begun
    client.abort()
    expect(await answer).toBe('AbortError')
    work.end()
    await idle()
  })
})
