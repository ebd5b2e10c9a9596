import 'reflect-metadata'
import { webhooks } from '@mailbox-hooks/fastify'
import { Controller, HttpCode, Module, Post, Req } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication, RouteConfig } from '@nestjs/platform-fastify'
import type { FastifyRequest } from 'fastify'
import { createOptions, handle } from './handler.js'
import { announce, PORT } from './port.js'

@Controller('webhooks')
class WebhooksController {
  @Post()
  @HttpCode(200)
  @RouteConfig({ webhook: true })
  handle(@Req() request: FastifyRequest) {
    return handle(request.server.webhooks.delivery(request))
  }
}

@Module({ controllers: [WebhooksController] })
class AppModule {}

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger: false })
await app.register(webhooks, createOptions())
await app.listen(PORT, '127.0.0.1')
announce()
