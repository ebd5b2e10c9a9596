import { agentMail } from '@mailbox-hooks/core'
import { Webhook } from 'svix'
import { describe, expect, it } from 'vitest'
import { verdict } from '../verdict.js'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const AT = new Date(1_780_000_000_000)

const MESSAGE = {
  inbox_id: 'agent@example.com',
  thread_id: 'thread_1',
  message_id: '<1@example.com>',
  labels: ['received'],
  timestamp: '2026-05-28T20:26:40.000Z',
  from: 'Ada <ada@example.com>',
  to: ['agent@example.com'],
}

/** Returns the outcome of a delivery that its service signs under the id `msg_1`. */
function outcomeOf(payload: object) {
  const body = JSON.stringify(payload)
  const headers = {
    'svix-id': 'msg_1',
    'svix-timestamp': String(AT.getTime() / 1000),
    'svix-signature': new Webhook(SECRET).sign('msg_1', AT, body),
  }
  const sent = { headers, body: Buffer.from(body) }
  return verdict(agentMail({ secrets: [SECRET] }), sent, { now: () => AT.getTime() })
}

describe('an event of AgentMail', () => {
  const received = { type: 'event', event_type: 'message.received', event_id: 'evt_1', message: MESSAGE }

  it('is known by its event_id, and without one by the id in its header', async () => {
    expect(await outcomeOf(received)).toMatchObject({ kind: 'failed', id: 'agentmail:evt_1' })
    const newer = { type: 'event', event_type: 'message.starred' }
    expect(await outcomeOf({ ...newer, event_id: 'evt_2' })).toMatchObject({ id: 'agentmail:evt_2', type: 'unknown' })
    expect(await outcomeOf(newer)).toMatchObject({ id: 'agentmail:msg_1', type: 'unknown' })
  })

  it('whose sender is a list, as older documents say, is refused', async () => {
    const message = { ...MESSAGE, from: [{ name: 'Ada', email: 'ada@example.com' }] }
    expect(await outcomeOf({ ...received, message })).toMatchObject({
      status: 422,
      code: 'payload_invalid',
      issues: [{ path: 'message.from' }],
    })
  })

  it('may lack its text and its HTML, which are left out above 1 MB', async () => {
    expect(Object.keys(MESSAGE)).not.toContain('text')
    // The handler was reached.
    expect(await outcomeOf(received)).toMatchObject({ kind: 'failed', type: 'message.received' })
  })
})
