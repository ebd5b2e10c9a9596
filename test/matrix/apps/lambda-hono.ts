import { webhooks } from '@mailbox-hooks/fetch'
import { Hono } from 'hono'
import { handle as handleEvent } from 'hono/aws-lambda'
import { createOptions, handle } from './handler.js'
import { serveLambda } from './serve-lambda.js'

const POST = webhooks(createOptions())(async (delivery) => Response.json(await handle(delivery)))

const app = new Hono()
app.post('/webhooks', (c) => POST(c.req.raw))
app.onError((_error, c) => c.text('failed', 500))
serveLambda(handleEvent(app))
