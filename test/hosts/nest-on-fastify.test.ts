import 'reflect-metadata'
import { memoryStore, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import { Controller, type MiddlewareConsumer, Module, Post, RequestMethod } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { expect, it, onTestFinished } from 'vitest'
import { messageReceived, SECRETS, signed } from '../../packages/testing/src/adapter-suite/deliveries.js'

// Decorators as functions: the transformer of the tests does not know their syntax.
class WebhooksController {
  handle() {
    return { handled: true }
  }
}
Controller('webhooks')(WebhooksController)
Post()(
  WebhooksController.prototype,
  'handle',
  Object.getOwnPropertyDescriptor(WebhooksController.prototype, 'handle') as PropertyDescriptor, // It is declared above.
)

async function start(logged: string[]): Promise<string> {
  const receive = webhooks({ providers: [openMail({ secrets: [SECRETS.openMail] })], store: memoryStore() })
  class AppModule {
    configure(consumer: MiddlewareConsumer) {
      consumer.apply(receive).forRoutes({ path: 'webhooks', method: RequestMethod.POST })
    }
  }
  Module({ controllers: [WebhooksController] })(AppModule)
  const ignore = () => {}
  const logger = { log: ignore, warn: ignore, error: (...args: unknown[]) => logged.push(args.map(String).join(' ')) }
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger })
  onTestFinished(() => app.close())
  await app.listen(0, '127.0.0.1')
  return `${await app.getUrl()}/webhooks`
}

it('answers 500 to each delivery where the Express middleware runs in Nest on Fastify, and does not hang', async () => {
  const logged: string[] = []
  const url = await start(logged)
  const delivery = signed(messageReceived())
  const answer = await fetch(url, { method: 'POST', ...delivery, signal: AbortSignal.timeout(5_000) })
  expect(answer.status).toBe(500)
  expect(await answer.text()).not.toContain('handled')
  expect(logged.join()).toContain('Register @mailbox-hooks/fastify instead')
})
