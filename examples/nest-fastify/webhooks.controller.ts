import { Controller, HttpCode, Post, Req } from '@nestjs/common'
import { RouteConfig } from '@nestjs/platform-fastify'
import type { FastifyRequest } from 'fastify'

@Controller('webhooks')
export class WebhooksController {
  @Post()
  @HttpCode(200)
  @RouteConfig({ webhook: true })
  handle(@Req() request: FastifyRequest) {
    const { event } = request.server.webhooks.delivery(request)
    if (event.type === 'mailbox.created') console.log('new mailbox', event.payload.data.mailboxDetails.email)
    if (event.type === 'message.received') console.log('mail from', event.payload.message.from)
    return { received: true }
  }
}
