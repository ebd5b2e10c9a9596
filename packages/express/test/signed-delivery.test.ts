import { coldMailReseller } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import { signedDelivery } from '@mailbox-hooks/testing'
import { serve } from '@mailbox-hooks/testing/suites'
import express from 'express'
import request from 'supertest'
import { expect, it } from 'vitest'

const secret = 'test-key'

it('receives a signed delivery as supertest and fetch send it', async () => {
  const receive = webhooks({ providers: [coldMailReseller({ secrets: [secret] })] })
  const app = express().use(receive, (_req, res) => void res.json({ received: true }))
  const { headers, body } = signedDelivery('cold-mail-reseller', 'mailbox.created', { secret })
  await request(app).post('/').set(headers).send(body).expect(200, { received: true })

  const { url, close } = await serve(app)
  const answer = await fetch(url, { method: 'POST', headers, body })
  expect(await answer.json()).toEqual({ received: true, duplicate: true })
  await close()
})
