import { Controller, HttpCode, Post, Req } from '@nestjs/common'
import { receive } from './receive.ts'

@Controller('webhooks')
export class WebhooksController {
  @Post()
  @HttpCode(200)
  handle(@Req() request: object) {
    const { event } = receive.delivery(request)
    if (event.type === 'mailbox.created') console.log('new mailbox', event.payload.data.mailboxDetails.email)
    if (event.type === 'message.received') console.log('mail from', event.payload.message.from)
    return { received: true }
  }
}
