import { assert, describe, expect, it } from 'vitest'
import {
  attemptOf,
  begun,
  ended,
  type Fixture,
  KEY_ID,
  LONG_MS,
  lapsed,
  rowOf,
  SECOND_MS,
  SHORT_MS,
  sealedAs,
  statusOf,
  takingOf,
} from './fixture.js'

const KEY = 'openmail:evt_1'
const DUE = { as: 'queued', nextAttemptInMs: 0 } as const

export function takeTests(fixture: Fixture): void {
  const take = (given = {}) => fixture.store.take(takingOf(given))

  describe('takes an entry', () => {
    it('that is queued and due', async () => {
      await begun(fixture.store, KEY, DUE)
      expect(await take()).toMatchObject([{ was: 'queued', state: 'received', number: 2 }])
    })

    it('that is queued and becomes due', async () => {
      await begun(fixture.store, KEY, { as: 'queued', nextAttemptInMs: SHORT_MS })
      await fixture.outlast(SHORT_MS)
      expect(await take()).toMatchObject([{ was: 'queued' }])
    })

    it('that has failed and is due', async () => {
      const { hash, token } = await begun(fixture.store, KEY)
      await fixture.store.finish(hash, token, { state: 'failed', next: { inMs: 0 } })
      expect(await take()).toMatchObject([{ was: 'failed', state: 'received' }])
    })

    it('that has failed when the retries of its provider are over', async () => {
      const { hash, token } = await begun(fixture.store, KEY, { retrySpanMs: SECOND_MS })
      await fixture.store.finish(hash, token, { state: 'failed', next: 'after-provider' })
      expect(await take()).toEqual([])
      await fixture.outlast(SECOND_MS)
      expect(await take()).toMatchObject([{ was: 'failed' }])
    })

    it('whose handler died, which becomes an attempt', async () => {
      await lapsed(fixture, KEY)
      expect(await take()).toMatchObject([{ was: 'received', number: 2, attempts: [{ number: 1, kind: 'abandoned' }] }])
    })

    it('that a replay left behind', async () => {
      await begun(fixture.store, KEY, { as: 'queued' })
      const { hash } = await rowOf(fixture.store, KEY)
      const rerun = { namespace: '', hash, token: 'aa', leaseMs: SHORT_MS, keyIds: [KEY_ID], maxFormat: 1 }
      expect((await fixture.store.rerun(rerun)).status).toBe('begun')
      await fixture.outlast(SHORT_MS)
      expect(await take()).toMatchObject([{ was: 'received', attempts: [{ source: 'replay' }] }])
    })
  })

  describe('leaves an entry', () => {
    it('that is queued and not due, or never', async () => {
      await begun(fixture.store, 'later', { as: 'queued', nextAttemptInMs: LONG_MS })
      await begun(fixture.store, 'never', { as: 'queued' })
      expect(await take()).toEqual([])
    })

    it('that has failed and is not due, or never', async () => {
      await ended(fixture.store, 'never', 'failed')
      await begun(fixture.store, 'invalid', { as: 'failed', nextAttemptInMs: 0 })
      const { hash, token } = await begun(fixture.store, 'later')
      await fixture.store.finish(hash, token, { state: 'failed', next: { inMs: LONG_MS } })
      expect(await take()).toEqual([])
    })

    it('that a run has', async () => {
      await begun(fixture.store, KEY)
      expect(await take()).toEqual([])
    })

    it('whose ended lease was extended', async () => {
      const { hash, token } = await lapsed(fixture, KEY)
      await fixture.store.extend(hash, token, LONG_MS)
      expect(await take()).toEqual([])
    })

    it('that is handled or dead', async () => {
      for (const state of ['handled', 'dead'] as const) {
        const { hash, token } = await begun(fixture.store, state)
        await fixture.store.finish(hash, token, { state, next: { inMs: 0 } })
      }
      expect(await take()).toEqual([])
    })

    it('that was erased', async () => {
      const { hash } = await begun(fixture.store, KEY, DUE)
      await fixture.store.erase({ namespace: '', hash })
      expect(await take()).toEqual([])
    })

    it('whose key it does not know, and takes those behind it', async () => {
      await begun(fixture.store, 'sealed_1', { ...DUE, sealed: sealedAs('x', 'b2') })
      await begun(fixture.store, 'sealed_2', { ...DUE, sealed: sealedAs('x', 'b2') })
      await fixture.outlast(0)
      await begun(fixture.store, KEY, DUE)
      expect(await take({ limit: 1 })).toMatchObject([{ keyId: KEY_ID }])
      expect(await take({ keyIds: [] })).toEqual([])
      expect(await take({ keyIds: ['b2', KEY_ID] })).toHaveLength(2)
    })

    it('whose format is newer than the caller knows, and takes those behind it', async () => {
      await begun(fixture.store, 'newer', { ...DUE, sealed: { ...sealedAs('newer'), format: 2 } })
      await fixture.outlast(0)
      await begun(fixture.store, KEY, DUE)
      expect(await take({ limit: 1 })).toMatchObject([{ format: 1 }])
      expect(await take()).toEqual([])
      expect((await rowOf(fixture.store, 'newer')).state).toBe('queued')
      expect(await take({ maxFormat: 2 })).toMatchObject([{ format: 2 }])
    })
  })

  it('takes at most so many, the oldest due first', async () => {
    await begun(fixture.store, 'third', { as: 'queued', nextAttemptInMs: SECOND_MS })
    const first = await begun(fixture.store, 'first', { retrySpanMs: 0 })
    await fixture.outlast(0)
    await begun(fixture.store, 'second', DUE)
    await begun(fixture.store, 'fourth', { leaseMs: SECOND_MS })
    // Due since it was received.
    await fixture.store.finish(first.hash, first.token, { state: 'failed', next: 'after-provider' })
    await fixture.outlast(SECOND_MS)
    const taken = [...(await take({ limit: 2 })), ...(await take({ limit: 1 })), ...(await take({ limit: 5 }))]
    const contents = taken.map(({ content }) => Buffer.from(content).toString())
    expect(contents).toEqual(['first', 'second', 'third', 'fourth'].map((key) => `content of ${key}`))
  })

  it('gives all that is kept of the entry', async () => {
    const { hash, token } = await begun(fixture.store, KEY, { account: 'eu' })
    const attempt = attemptOf({ kind: 'failed', status: 500 })
    await fixture.store.finish(hash, token, { state: 'failed', next: { inMs: 0 }, attempt })
    const [taken] = await take()
    assert(taken !== undefined)
    const { token: _, number, was, nextAttemptAt, ...row } = taken
    expect([number, was]).toEqual([2, 'failed'])
    // When it was due, so that a run that fails can leave it as it was.
    expect(nextAttemptAt).toBeLessThanOrEqual(row.lastReceivedAt + 1_000)
    expect({ ...row, nextAttemptAt: undefined }).toEqual(await rowOf(fixture.store, KEY))
    expect(row).toMatchObject({ account: 'eu', attempts: [{ number: 1, status: 500 }] })
  })

  it('raises the number of attempts and that of its runs', async () => {
    await begun(fixture.store, KEY, DUE)
    for (const count of [1, 2]) {
      const [taken] = await take()
      assert(taken !== undefined)
      expect([taken.runs, taken.number, taken.attemptCount]).toEqual([count, count + 1, count + 1])
      await fixture.store.finish(taken.hash, taken.token, { state: 'failed', next: { inMs: 0 } })
    }
  })

  it('counts its runs anew when a dead entry is queued again', async () => {
    await begun(fixture.store, KEY, DUE)
    const [taken] = await take()
    assert(taken !== undefined)
    await fixture.store.finish(taken.hash, taken.token, { state: 'dead', next: 'never' })
    await begun(fixture.store, KEY, DUE)
    expect(await take()).toMatchObject([{ runs: 1, number: 4 }])
  })

  it('has deliveries find what it took in flight, for its lease', async () => {
    await begun(fixture.store, KEY, DUE)
    await take({ leaseMs: SECOND_MS })
    expect(await statusOf(fixture.store, KEY)).toBe('in-flight')
    expect(await take()).toEqual([])
    await fixture.outlast(SECOND_MS)
    expect(await take()).toMatchObject([{ attempts: [{ number: 2, kind: 'abandoned', source: 'retry' }] }])
  })

  it('gives each run a token of its own, which extends and finishes it', async () => {
    for (const key of ['one', 'two', 'three']) await begun(fixture.store, key, DUE)
    const taken = await take()
    const tokens = taken.map(({ token }) => token)
    expect(new Set(tokens).size).toBe(3)
    for (const [index, { hash, token }] of taken.entries()) {
      expect(await fixture.store.finish(hash, tokens[(index + 1) % 3] ?? '', { state: 'dead', next: 'never' })).toBe(
        false,
      )
      expect(await fixture.store.extend(hash, token, LONG_MS)).toBe(true)
      expect(await fixture.store.finish(hash, token, { state: 'handled', next: 'never' })).toBe(true)
    }
    expect((await rowOf(fixture.store, 'one')).state).toBe('handled')
  })
}
