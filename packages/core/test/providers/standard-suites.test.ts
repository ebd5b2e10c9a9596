import { readFileSync } from 'node:fs'
import { agentMail, resend, standardWebhooks } from '@mailbox-hooks/core'
import { PLAYED } from '@mailbox-hooks/core/play'
import { type Payload, type ProviderUnderTest, providerSuite } from '@mailbox-hooks/testing/suites'
import { Webhook } from 'svix'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { verdict } from '../verdict.js'

const SECRETS = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'] as const

const samplesOf = (name: string) => PLAYED.find((played) => played.name === name)!.samples as Record<string, Payload>

/** By the library of the service that signs for both. */
const common = (family: string): Pick<ProviderUnderTest, 'sign' | 'trust' | 'secrets' | 'differences'> => ({
  sign: ({ id, body, sentAt, secret }) => ({
    [`${family}-id`]: id,
    [`${family}-timestamp`]: String(Math.floor(sentAt.getTime() / 1000)),
    [`${family}-signature`]: new Webhook(secret).sign(id, sentAt, Buffer.from(body).toString()),
  }),
  trust: 'body+timestamp',
  secrets: SECRETS,
  differences: { severalSignatures: { separator: ' ', reason: 'both keys sign while one is rotated' } },
})

providerSuite({
  name: 'AgentMail',
  provider: (secrets) => agentMail({ secrets }),
  samples: samplesOf('agentmail'),
  anotherEvent: (payload) => ({ ...payload, event_id: 'evt_2' }),
  ...common('svix'),
})

providerSuite({
  name: 'Resend',
  provider: (secrets) => resend({ secrets }),
  samples: samplesOf('resend'),
  credentials: ['link'],
  ...common('svix'),
})

providerSuite({
  name: 'a sender of Standard Webhooks',
  provider: (secrets) =>
    standardWebhooks({
      name: 'acme',
      secrets,
      events: {
        'order.paid': z.looseObject({ type: z.literal('order.paid'), data: z.looseObject({ id: z.string() }) }),
      },
    }),
  samples: { 'order.paid': { type: 'order.paid', timestamp: '2026-05-28T20:26:00Z', data: { id: 'ord_1' } } },
  ...common('webhook'),
})

const payload = (path: string) => readFileSync(new URL(`./payloads/${path}`, import.meta.url))

describe('a payload as its documents describe it', () => {
  it.each([
    ['agentmail/message.received.json', 'message.received'],
    ['agentmail/message.received.unauthenticated.json', 'message.received.unauthenticated'],
    ['agentmail/message.sent.json', 'message.sent'],
    ['agentmail/domain.verified.json', 'domain.verified'],
    ['resend/email.received.json', 'email.received'],
    ['resend/email.delivered.json', 'email.delivered'],
    ['resend/email.bounced.json', 'email.bounced'],
    ['resend/domain.updated.json', 'domain.updated'],
  ])('%s is a %s', async (path, type) => {
    const body = payload(path)
    const at = new Date(1_780_000_000_000)
    const provider = path.startsWith('agentmail') ? agentMail({ secrets: SECRETS }) : resend({ secrets: SECRETS })
    const headers = {
      'svix-id': 'msg_1',
      'svix-timestamp': '1780000000',
      'svix-signature': new Webhook(SECRETS[0]).sign('msg_1', at, body.toString()),
    }
    expect(await verdict(provider, { headers, body }, { now: () => at.getTime() })).toMatchObject({
      kind: 'failed',
      type,
    })
  })

  it('signed with the vector of resend is received', async () => {
    const headers = {
      'svix-id': 'msg_resend_0001',
      'svix-timestamp': '1780000000',
      'svix-signature': 'v1,oUTimIhT9U8YyYvUzT00D6puERGtURSJmisLDhf75UQ=',
    }
    const provider = resend({ secrets: ['whsec_AQQHCg0QExYZHB8iJSgrLjE0Nzo9QENG'] })
    const outcome = await verdict(
      provider,
      { headers, body: payload('resend/email.received.json') },
      { now: () => 1_780_000_000_000 },
    )
    expect(outcome).toMatchObject({ id: 'resend:msg_resend_0001', type: 'email.received', trust: 'body+timestamp' })
  })
})
