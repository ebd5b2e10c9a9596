import { assert, describe, expect, it } from 'vitest'
import { titled } from '../titled.js'
import {
  aboutOf,
  begun,
  ended,
  entryOf,
  type Fixture,
  KEY_ID,
  LONG_MS,
  lapsed,
  queryOf,
  receivedAfter,
  rowOf,
  sealedAs,
  statusOf,
} from './fixture.js'

const KEY = 'openmail:evt_1'
const OTHER = 'openmail:evt_2'

export function beginTests(fixture: Fixture): void {
  it('inserts an event that is new, as its first attempt', async () => {
    const entry = entryOf(KEY)
    expect(await fixture.store.begin(entry)).toEqual({ status: 'begun', number: 1, isNew: true, hash: entry.hash })
  })

  it('keeps what a new entry is given', async () => {
    const entry = await begun(fixture.store, KEY, {
      provider: 'inboxkit',
      account: 'eu',
      type: 'mailbox.created',
      windowMs: 1234,
    })
    const { keyId, format, meta, content } = entry.sealed
    const { firstReceivedAt, ...row } = await rowOf(fixture.store, KEY)
    expect({ ...row, meta: Buffer.from(row.meta), content: Buffer.from(row.content) }).toEqual({
      ...{ hash: entry.hash, keyHash: entry.keyHash, provider: 'inboxkit', account: 'eu', type: 'mailbox.created' },
      ...{ state: 'received', lastReceivedAt: firstReceivedAt, nextAttemptAt: undefined },
      ...{ attemptCount: 1, runs: 0, windowMs: 1234, attempts: [] },
      ...{ keyId, format, meta, content },
    })
  })

  it('inserts an entry of no account', async () => {
    await begun(fixture.store, KEY)
    expect((await rowOf(fixture.store, KEY)).account).toBeUndefined()
  })

  it('answers in-flight while a run has the entry, with the time until its lease ends', async () => {
    await begun(fixture.store, KEY)
    const answer = await fixture.store.begin(entryOf(KEY, { leaseMs: 5 * LONG_MS }))
    assert(answer.status === 'in-flight')
    expect(answer.retryAfterMs).toBeGreaterThan(LONG_MS / 2)
    expect(answer.retryAfterMs).toBeLessThanOrEqual(LONG_MS)
  })

  it('answers handled once the entry is handled, however often it is asked', async () => {
    await ended(fixture.store, KEY, 'handled')
    expect(await fixture.store.begin(entryOf(KEY))).toEqual({ status: 'handled' })
    expect(await fixture.store.begin(entryOf(KEY, { as: 'queued' }))).toEqual({ status: 'handled' })
    expect(await fixture.store.begin(entryOf(KEY, { as: 'failed' }))).toEqual({ status: 'handled' })
  })

  it('answers queued while the entry is queued, also where a run ended so', async () => {
    await begun(fixture.store, KEY, { as: 'queued' })
    await ended(fixture.store, 'openmail:evt_2', 'queued')
    expect(await fixture.store.begin(entryOf(KEY))).toEqual({ status: 'queued' })
    expect(await fixture.store.begin(entryOf('openmail:evt_2', { as: 'queued' }))).toEqual({ status: 'queued' })
  })

  it.each(['failed', 'dead'] as const)('takes an entry that is %s, as its next attempt', async (state) => {
    const { hash } = await ended(fixture.store, KEY, state)
    expect(await fixture.store.begin(entryOf(KEY))).toEqual({ status: 'begun', number: 2, isNew: false, hash })
    expect(await statusOf(fixture.store, KEY)).toBe('in-flight')
    expect(await rowOf(fixture.store, KEY)).toMatchObject({ state: 'received', attemptCount: 2 })
  })

  it('takes an entry whose lease has ended', async () => {
    const { hash } = await lapsed(fixture, KEY)
    expect(await fixture.store.begin(entryOf(KEY))).toEqual({ status: 'begun', number: 2, isNew: false, hash })
    expect(await statusOf(fixture.store, KEY)).toBe('in-flight')
  })

  it('ends the run that it took by the token of the taker', async () => {
    await ended(fixture.store, KEY, 'failed')
    const { hash, token } = await begun(fixture.store, KEY)
    expect(await fixture.store.finish(hash, token, { state: 'handled', next: 'never' })).toBe(true)
    expect(await statusOf(fixture.store, KEY)).toBe('handled')
  })

  it('answers the same to another connection', async () => {
    const [other] = await fixture.others(1)
    assert(other !== undefined)
    const { hash, token } = await begun(fixture.store, KEY)
    expect(await statusOf(other, KEY)).toBe('in-flight')
    expect(await other.finish(hash, token, { state: 'handled', next: 'never' })).toBe(true)
    expect(await statusOf(fixture.store, KEY)).toBe('handled')
  })

  it('keeps the sealed parts, the index and the type of the first delivery', async () => {
    await ended(fixture.store, KEY, 'failed', { about: [aboutOf('first')] })
    await begun(fixture.store, KEY, { about: [aboutOf('second')], sealed: sealedAs('second', 'b2'), type: 'second' })
    const row = await rowOf(fixture.store, KEY)
    expect([Buffer.from(row.content).toString(), row.keyId, row.type]).toEqual([
      `content of ${KEY}`,
      KEY_ID,
      'message.received',
    ])
    expect(await fixture.store.find(queryOf({ about: [aboutOf('first')] }))).toHaveLength(1)
    expect(await fixture.store.find(queryOf({ about: [aboutOf('second')] }))).toHaveLength(0)
  })

  describe('as queued', () => {
    it('inserts an entry that `work` takes after a while', async () => {
      await begun(fixture.store, KEY, { as: 'queued', nextAttemptInMs: LONG_MS })
      const { state, nextAttemptAt, firstReceivedAt } = await rowOf(fixture.store, KEY)
      expect([state, nextAttemptAt]).toEqual(['queued', firstReceivedAt + LONG_MS])
    })

    it('inserts an entry that `work` never takes', async () => {
      await begun(fixture.store, KEY, { as: 'queued' })
      expect(await rowOf(fixture.store, KEY)).toMatchObject({ state: 'queued', nextAttemptAt: undefined })
    })

    it.each(['failed', 'dead'] as const)('queues an entry again that is %s', async (state) => {
      await ended(fixture.store, KEY, state)
      const { number } = await begun(fixture.store, KEY, { as: 'queued', nextAttemptInMs: LONG_MS })
      const row = await rowOf(fixture.store, KEY)
      expect([number, row.state, row.nextAttemptAt]).toEqual([2, 'queued', row.lastReceivedAt + LONG_MS])
    })

    it('gives its token no run to end', async () => {
      const { hash, token } = await begun(fixture.store, KEY, { as: 'queued' })
      expect(await fixture.store.finish(hash, token, { state: 'handled', next: 'never' })).toBe(false)
      expect(await fixture.store.extend(hash, token, LONG_MS)).toBe(false)
      expect(await statusOf(fixture.store, KEY)).toBe('queued')
    })
  })

  describe('as failed', () => {
    it('inserts an entry that `work` never takes', async () => {
      await begun(fixture.store, KEY, { as: 'failed', nextAttemptInMs: 0 })
      expect(await rowOf(fixture.store, KEY)).toMatchObject({ state: 'failed', nextAttemptAt: undefined })
    })

    it('gives its token no run to end', async () => {
      const { hash, token } = await begun(fixture.store, KEY, { as: 'failed' })
      expect(await fixture.store.finish(hash, token, { state: 'handled', next: 'never' })).toBe(false)
      expect(await statusOf(fixture.store, KEY)).toBe('begun')
    })

    it.each(['failed', 'dead'] as const)('changes nothing in an entry that is %s', async (state) => {
      await ended(fixture.store, KEY, state)
      expect(await fixture.store.begin(entryOf(KEY, { as: 'failed' }))).toEqual({ status: 'known' })
      expect(await rowOf(fixture.store, KEY)).toMatchObject({ state, attemptCount: 1 })
    })

    it('changes nothing in an entry whose lease has ended', async () => {
      const { hash, token } = await lapsed(fixture, KEY)
      expect(await fixture.store.begin(entryOf(KEY, { as: 'failed' }))).toEqual({ status: 'known' })
      expect(await fixture.store.finish(hash, token, { state: 'handled', next: 'never' })).toBe(true)
    })
  })

  describe('raises lastReceivedAt, and not firstReceivedAt,', () => {
    it.each(
      titled(
        [
          { answer: 'begun', prepare: () => ended(fixture.store, KEY, 'failed'), as: 'received' },
          { answer: 'in-flight', prepare: () => begun(fixture.store, KEY), as: 'received' },
          { answer: 'handled', prepare: () => ended(fixture.store, KEY, 'handled'), as: 'received' },
          { answer: 'queued', prepare: () => begun(fixture.store, KEY, { as: 'queued' }), as: 'received' },
          { answer: 'known', prepare: () => ended(fixture.store, KEY, 'failed'), as: 'failed' },
        ] as const,
        'answer',
      ),
    )('by a delivery that is answered %s', async ({ answer, prepare, as }) => {
      await begun(fixture.store, OTHER)
      await prepare()
      const before = await receivedAfter(fixture.store, KEY, OTHER)
      await fixture.outlast(0)
      expect(await statusOf(fixture.store, KEY, { as })).toBe(answer)
      const after = await receivedAfter(fixture.store, KEY, OTHER)
      expect(after.last).toBeGreaterThan(before.last)
      expect(after.first).toBe(before.first)
    })
  })
}
