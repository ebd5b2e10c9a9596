import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { titled } from '../../../testing/src/titled.js'
import { cmr, issues, kit, mail } from './issues.js'

const FIXTURES = new URL('../../../../fixtures/', import.meta.url)

const fixtures = (folder: string) =>
  readdirSync(new URL(folder, FIXTURES))
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ name, payload: JSON.parse(readFileSync(new URL(`${folder}/${name}`, FIXTURES), 'utf8')) }))

describe("the providers' example bodies", () => {
  it.each(titled(fixtures('cold-mail-reseller'), 'name'))('fit: Cold Mail Reseller %s', async ({ payload }) => {
    expect(await issues(cmr, payload)).toEqual([])
  })

  it.each(titled(fixtures('inboxkit'), 'name'))('fit: InboxKit %s', async ({ payload }) => {
    expect(await issues(kit, payload)).toEqual([])
  })
})

describe('every event that the providers document', () => {
  it('has a schema', () => {
    expect(cmr.types).toEqual([
      'domain.order.success',
      'domain.order.failed',
      'mailbox.order.success',
      'mailbox.order.failed',
      'mailbox.created',
      'mailbox.updated',
      'subscription.renewal.success',
      'subscription.renewal.failed',
      'subscription.cancelled',
      'prewarmup.order.success',
      'prewarmup.order.failed',
    ])
    expect(kit.types).toEqual([
      'mailbox.status_changed',
      'domain.status_changed',
      'consent_request.status_changed',
      'client_id_request.status_changed',
    ])
    expect(mail.types).toEqual([
      'message.received',
      'inbox.suspended',
      'inbox.reactivated',
      'pod.suspended',
      'pod.reactivated',
    ])
  })
})
