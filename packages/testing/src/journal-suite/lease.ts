import { describe, expect, it } from 'vitest'
import {
  attemptOf,
  begun,
  ended,
  type Fixture,
  hashOf,
  LONG_MS,
  lapsed,
  newToken,
  ofKey,
  rowOf,
  SECOND_MS,
  SHORT_MS,
  statusOf,
} from './fixture.js'

const KEY = 'openmail:evt_1'
const HANDLED = { state: 'handled', next: 'never' } as const

export function leaseTests(fixture: Fixture): void {
  const finish = (hash: string, token: string) => fixture.store.finish(hash, token, HANDLED)

  it('ends a lease when it should, however often the event is delivered', async () => {
    // A second, so that the entry is surely still held when it is asked for.
    await begun(fixture.store, KEY, { leaseMs: SECOND_MS })
    expect(await statusOf(fixture.store, KEY)).toBe('in-flight')
    await fixture.outlast(SECOND_MS)
    expect(await statusOf(fixture.store, KEY)).toBe('begun')
  })

  it('lets a lease end later when it is extended', async () => {
    const { hash, token } = await begun(fixture.store, KEY, { leaseMs: SHORT_MS })
    expect(await fixture.store.extend(hash, token, LONG_MS)).toBe(true)
    await fixture.outlast(SHORT_MS)
    expect(await statusOf(fixture.store, KEY)).toBe('in-flight')
  })

  it('lets a lease end earlier when it is extended by less than was left', async () => {
    const { hash, token } = await begun(fixture.store, KEY)
    expect(await fixture.store.extend(hash, token, SHORT_MS)).toBe(true)
    await fixture.outlast(SHORT_MS)
    expect(await statusOf(fixture.store, KEY)).toBe('begun')
  })

  it('takes lengths that are not whole milliseconds', async () => {
    const { hash, token } = await begun(fixture.store, KEY, { leaseMs: LONG_MS + 0.25, windowMs: LONG_MS + 1 / 3 })
    expect(await fixture.store.extend(hash, token, LONG_MS + 0.123_456_789)).toBe(true)
    expect(await fixture.store.finish(hash, token, { state: 'failed', next: { inMs: LONG_MS + 1 / 3 } })).toBe(true)
  })

  it('can still be finished by its token when it has ended', async () => {
    const { hash, token } = await lapsed(fixture, KEY)
    expect(await finish(hash, token)).toBe(true)
    expect(await statusOf(fixture.store, KEY)).toBe('handled')
  })

  it('can still be extended by its token when it has ended', async () => {
    const { hash, token } = await lapsed(fixture, KEY)
    expect(await fixture.store.extend(hash, token, LONG_MS)).toBe(true)
    expect(await statusOf(fixture.store, KEY)).toBe('in-flight')
  })

  it('is not extended by a token that was never given, nor that of another entry, nor for an unknown entry', async () => {
    const { hash, token } = await begun(fixture.store, KEY, { leaseMs: SECOND_MS })
    const other = await begun(fixture.store, 'openmail:evt_2')
    for (const wrong of ['', newToken(), `${token}0`, token.slice(0, -1), other.token]) {
      expect(await fixture.store.extend(hash, wrong, LONG_MS)).toBe(false)
    }
    expect(await fixture.store.extend(hashOf('openmail:evt_3'), token, LONG_MS)).toBe(false)
    await fixture.outlast(SECOND_MS)
    expect(await statusOf(fixture.store, KEY)).toBe('begun')
  })

  it('is not extended when the run has been finished', async () => {
    const { hash, token } = await ended(fixture.store, KEY, 'failed')
    expect(await fixture.store.extend(hash, token, LONG_MS)).toBe(false)
    expect(await statusOf(fixture.store, KEY)).toBe('begun')
  })

  describe('that another run took over', () => {
    it('is not extended by the old token', async () => {
      const old = await lapsed(fixture, KEY)
      const { hash, token } = await begun(fixture.store, KEY, { leaseMs: SHORT_MS })
      expect(await fixture.store.extend(old.hash, old.token, LONG_MS)).toBe(false)
      await fixture.outlast(SHORT_MS)
      expect(await fixture.store.extend(old.hash, old.token, LONG_MS)).toBe(false)
      expect(await finish(hash, token)).toBe(true)
    })

    it('is not finished by the old token, and keeps its new one', async () => {
      const old = await lapsed(fixture, KEY)
      const { hash, token } = await begun(fixture.store, KEY)
      expect(await finish(old.hash, old.token)).toBe(false)
      expect(await statusOf(fixture.store, KEY)).toBe('in-flight')
      expect(await finish(hash, token)).toBe(true)
    })

    it('is not finished by the old token when the new run has ended, too', async () => {
      const old = await lapsed(fixture, KEY)
      const { hash, token } = await begun(fixture.store, KEY)
      await fixture.store.finish(hash, token, { state: 'failed', next: 'never' })
      expect(await finish(old.hash, old.token)).toBe(false)
      expect(await statusOf(fixture.store, KEY)).toBe('begun')
    })

    it('leaves an abandoned attempt of the run that was not finished', async () => {
      await lapsed(fixture, KEY)
      await begun(fixture.store, KEY)
      const { firstReceivedAt, attempts } = await rowOf(fixture.store, KEY)
      const unknown = { status: 0, code: undefined, error: undefined, keyId: '' }
      const ranFor = { at: firstReceivedAt + SHORT_MS, durationMs: SHORT_MS }
      expect(attempts).toEqual([{ number: 1, source: 'provider', kind: 'abandoned', ...unknown, ...ranFor }])
    })

    it('leaves no attempt of a run that was finished', async () => {
      await ended(fixture.store, KEY, 'failed')
      await begun(fixture.store, KEY)
      expect((await rowOf(fixture.store, KEY)).attempts).toEqual([])
    })

    it('shows the attempts in the order of their numbers when the old run is noted late', async () => {
      const old = await lapsed(fixture, KEY)
      const { hash, token } = await begun(fixture.store, KEY)
      await fixture.store.finish(hash, token, { ...HANDLED, attempt: attemptOf({ kind: 'handled' }) })
      await fixture.store.note(ofKey(KEY), attemptOf({ number: old.number, kind: 'failed', status: 500 }))
      const { attempts, attemptCount } = await rowOf(fixture.store, KEY)
      expect(attempts.map(({ number, kind }) => [number, kind])).toEqual([
        [1, 'failed'],
        [2, 'handled'],
      ])
      expect(attemptCount).toBe(2)
    })
  })
}
