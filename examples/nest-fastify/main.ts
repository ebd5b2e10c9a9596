import 'reflect-metadata'
import { coldMailReseller, inboxKit, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/fastify'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { AppModule } from './app.module.ts'

const { CMR_API_KEY, INBOXKIT_API_KEY, OPENMAIL_WEBHOOK_SECRET, PORT = '3000' } = process.env

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
  logger: ['error', 'warn'],
})
await app.register(webhooks, {
  providers: [
    coldMailReseller({ secrets: [CMR_API_KEY] }),
    inboxKit({ secrets: [INBOXKIT_API_KEY] }),
    openMail({ secrets: [OPENMAIL_WEBHOOK_SECRET] }),
  ],
})
await app.listen(PORT)
console.log(`Listening on http://localhost:${PORT}/webhooks`)
