import 'reflect-metadata'
import { webhooks } from '@mailbox-hooks/express'
import { Controller, HttpCode, type MiddlewareConsumer, Module, Post, Req, RequestMethod } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { createOptions, handle } from './handler.js'
import { announce, PORT } from './port.js'

const receive = webhooks(createOptions())

@Controller('webhooks')
class WebhooksController {
  @Post()
  @HttpCode(200)
  handle(@Req() request: object) {
    return handle(receive.delivery(request))
  }
}

@Module({ controllers: [WebhooksController] })
class AppModule {
  configure(consumer: MiddlewareConsumer) {
    consumer.apply(receive).forRoutes({ path: 'webhooks', method: RequestMethod.POST })
  }
}

const app = await NestFactory.create<NestExpressApplication>(AppModule, { rawBody: true, logger: false })
// Above the limit of the receiver, which is to answer.
app.useBodyParser('json', { limit: '6mb' })
await app.listen(PORT, '127.0.0.1')
announce()
