import { deadLetterReader } from '@mailbox-hooks/core/queue'
import { describe, expect, it } from 'vitest'
import { openQueue, SEALING } from './worked.js'

const PASSWORD = 'planted-app-password'

async function deadJob(payload: object = {}) {
  const { jobs, send } = openQueue()
  await send('evt_1', payload)
  return jobs[0]!.packed
}

const read = deadLetterReader('test', SEALING)

describe('a dead letter', () => {
  it('says which delivery it was, how often it failed, when, and why', async () => {
    const failedAt = new Date(0)
    const error = { name: 'RangeError', message: 'too far' }
    expect(read({ jobId: 'job_1', data: await deadJob(), attempts: 3, failedAt, error })).toEqual({
      jobId: 'job_1',
      id: 'openmail:evt_1',
      provider: 'openmail',
      type: 'message.received',
      event: expect.objectContaining({ id: 'evt_1', known: true, payload: expect.any(Object) }),
      trust: 'body+timestamp',
      receivedAt: expect.any(Date),
      attempts: 3,
      failedAt,
      error,
    })
  })

  it('leaves out what the queue does not know', async () => {
    const data = await deadJob()
    expect(Object.keys(read({ jobId: 'job_1', data, error: { message: 'down' } })).sort()).toEqual(
      ['error', 'event', 'id', 'jobId', 'provider', 'receivedAt', 'trust', 'type'].sort(),
    )
    expect(read({ jobId: 'job_1', data, error: { message: 'down' } }).error).toEqual({ message: 'down' })
    expect(read({ jobId: 'job_1', data })).not.toHaveProperty('error')
  })

  // Another worker, or the queue itself, may have written the error.
  it('shows no credential of its payload, in the event, the message and the name', async () => {
    const data = await deadJob({ message: { id: 'm', from: 'a@x.com', password: PASSWORD } })
    const error = { name: `No login with ${PASSWORD}`, message: `Cannot log in with ${PASSWORD}` }
    const letter = read({ jobId: 'job_1', data, error })
    expect(letter.error).toEqual({ name: 'No login with [redacted]', message: 'Cannot log in with [redacted]' })
    expect(letter.event).toMatchObject({ payload: { message: { password: '[redacted]' } } })
  })

  it('that cannot be opened says why, beside the facts that anyone can read and its error', async () => {
    const readOther = deadLetterReader('test', { sealingKeys: [new Uint8Array(32).fill(8)] })
    const error = { name: 'Error', message: 'down' }
    expect(readOther({ jobId: 'job_1', data: await deadJob(), error })).toEqual({
      jobId: 'job_1',
      id: 'openmail:evt_1',
      provider: 'openmail',
      type: 'message.received',
      unreadable: expect.stringMatching(/key/),
      error,
    })
    const foreign = { id: 7, provider: 'openmail', account: 'eu', type: null, sealed: 'x' }
    expect(read({ jobId: 'job_2', data: foreign })).toMatchObject({ provider: 'openmail', account: 'eu' })
    expect(Object.keys(read({ jobId: 'job_2', data: foreign }))).toEqual(['jobId', 'provider', 'account', 'unreadable'])
    expect(read({ jobId: 'job_2', data: null })).toEqual({ jobId: 'job_2', unreadable: 'It holds no delivery.' })
  })

  it('is read by nobody without keys', () => {
    expect(() => deadLetterReader('deadLetters', {})).toThrow(/^deadLetters: .*sealingKeys/)
  })
})
