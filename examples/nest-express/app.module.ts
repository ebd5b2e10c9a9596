import { type MiddlewareConsumer, Module, type NestModule, RequestMethod } from '@nestjs/common'
import { receive } from './receive.ts'
import { WebhooksController } from './webhooks.controller.ts'

@Module({ controllers: [WebhooksController] })
export class AppModule implements NestModule {
  configure(consumer: MiddlewareConsumer) {
    consumer.apply(receive).forRoutes({ path: 'webhooks', method: RequestMethod.POST })
  }
}
