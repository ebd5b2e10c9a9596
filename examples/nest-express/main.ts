import 'reflect-metadata'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { AppModule } from './app.module.ts'

const { PORT = '3000' } = process.env

// Nest parses bodies before any middleware. With `rawBody`, it keeps the bytes that the signatures cover.
const app = await NestFactory.create<NestExpressApplication>(AppModule, { rawBody: true, logger: ['error', 'warn'] })
// Nest's own limit is 100 kB.
app.useBodyParser('json', { limit: '5mb' })
await app.listen(PORT)
console.log(`Listening on http://localhost:${PORT}/webhooks`)
