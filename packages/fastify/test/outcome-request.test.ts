import { openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/fastify'
import { type FastifyRequest, fastify } from 'fastify'
import { expect, it, onTestFinished } from 'vitest'

it("gives onOutcome Fastify's request", async () => {
  const ids: unknown[] = []
  const app = fastify({ genReqId: () => 'id-1' })
  onTestFinished(() => app.close())
  await app.register(webhooks, {
    providers: [openMail({ secrets: ['a-secret-of-16-bytes'] })],
    onOutcome: ({ code }, request: FastifyRequest) => ids.push([code, request.id, request.url]),
  })
  app.post('/webhooks', { config: { webhook: true } }, async () => ({ received: true }))
  await app.inject({ method: 'POST', url: '/webhooks', payload: '{}' })
  expect(ids).toEqual([['provider_unknown', 'id-1', '/webhooks']])
})
