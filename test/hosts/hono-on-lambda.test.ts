import { memoryStore, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/fetch'
import { Hono } from 'hono'
import { handle } from 'hono/aws-lambda'
import { describe, expect, it } from 'vitest'
import { messageReceived, SECRETS, signed } from '../../packages/testing/src/adapter-suite/deliveries.js'
import { LAMBDA_EVENTS } from './lambda-events.js'

const NEW = '200 {"handled":true}'
const DUPLICATE = '200 {"received":true,"duplicate":true}'
const REFUSED = '401 {"received":false,"error":"signature_invalid"}'

/** A function of Lambda: Hono with its own adapter. */
function createFunction() {
  const receive = webhooks({ providers: [openMail({ secrets: [SECRETS.openMail] })], store: memoryStore() })
  const POST = receive(() => Response.json({ handled: true }))
  const lambda = handle(new Hono().post('/webhooks', (c) => POST(c.req.raw)))
  return async (event: object) => {
    const { statusCode, body } = (await lambda(event as never)) as { statusCode: number; body: string }
    return `${statusCode} ${body}`
  }
}

const delivery = () => {
  const { headers, body } = signed(messageReceived())
  return { headers: { ...headers, 'content-type': 'application/json', host: 'example.com' }, text: body.toString() }
}

describe.each(Object.entries(LAMBDA_EVENTS))("Hono's adapter for AWS Lambda behind %s", (_name, eventOf) => {
  it('handles a body that comes as text or as base64, once', async () => {
    const invoke = createFunction()
    const { headers, text } = delivery()
    expect(await invoke(eventOf(headers, text, false))).toBe(NEW)
    expect(await invoke(eventOf(headers, Buffer.from(text).toString('base64'), true))).toBe(DUPLICATE)
  })

  it('refuses a body that was changed', async () => {
    const { headers, text } = delivery()
    expect(await createFunction()(eventOf(headers, `${text} `, false))).toBe(REFUSED)
  })
})
