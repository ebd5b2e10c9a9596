import { openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import { serve } from '@mailbox-hooks/testing/suites'
import express, { type Request } from 'express'
import { expect, it, onTestFinished } from 'vitest'

it("gives onOutcome Express's request", async () => {
  const ids: unknown[] = []
  const receive = webhooks({
    providers: [openMail({ secrets: ['a-secret-of-16-bytes'] })],
    onOutcome: ({ code }, request: Request) => ids.push([code, request.header('x-request-id'), request.path]),
  })
  const { url, close } = await serve(express().use('/webhooks', receive))
  onTestFinished(close)
  await fetch(url, { headers: { 'x-request-id': 'id-1' } })
  expect(ids).toEqual([['method_not_allowed', 'id-1', '/']])
})
