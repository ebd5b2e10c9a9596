import { describe, expect, it } from 'vitest'
import {
  attemptOf,
  begun,
  ended,
  type Fixture,
  hashOf,
  LONG_MS,
  newToken,
  ofKey,
  queryOf,
  rowOf,
  statusOf,
} from './fixture.js'

const KEY = 'openmail:evt_1'

export function finishTests(fixture: Fixture): void {
  it.each(['handled', 'failed', 'queued', 'dead'] as const)('sets the state %s', async (state) => {
    const { hash, token } = await begun(fixture.store, KEY)
    expect(await fixture.store.finish(hash, token, { state, next: 'never' })).toBe(true)
    expect(await rowOf(fixture.store, KEY)).toMatchObject({ state, nextAttemptAt: undefined })
  })

  it('ends the token: a second time it changes nothing', async () => {
    const { hash, token } = await ended(fixture.store, KEY, 'failed')
    const attempt = attemptOf()
    expect(await fixture.store.finish(hash, token, { state: 'handled', next: 'never', attempt })).toBe(false)
    expect(await rowOf(fixture.store, KEY)).toMatchObject({ state: 'failed', attempts: [] })
  })

  it('takes no token that was never given, and none of another entry', async () => {
    const { hash, token } = await begun(fixture.store, KEY)
    const other = await begun(fixture.store, 'openmail:evt_2')
    for (const wrong of ['', newToken(), `${token}0`, token.slice(0, -1), other.token]) {
      expect(await fixture.store.finish(hash, wrong, { state: 'handled', next: 'never' })).toBe(false)
    }
    expect((await rowOf(fixture.store, KEY)).state).toBe('received')
  })

  it('never inserts an entry', async () => {
    const ending = { state: 'handled', next: 'never', attempt: attemptOf() } as const
    expect(await fixture.store.finish(hashOf(KEY), newToken(), ending)).toBe(false)
    expect(await fixture.store.find(queryOf())).toEqual([])
    expect(await statusOf(fixture.store, KEY)).toBe('begun')
  })

  describe('says when `work` takes the entry:', () => {
    it('once the retries of the provider are over', async () => {
      const { hash, token } = await begun(fixture.store, KEY, { retrySpanMs: 123_456 })
      await fixture.store.finish(hash, token, { state: 'failed', next: 'after-provider' })
      const { nextAttemptAt, firstReceivedAt } = await rowOf(fixture.store, KEY)
      expect(nextAttemptAt).toBe(firstReceivedAt + 123_456)
    })

    it.each(['failed', 'queued'] as const)('after so long, where it is %s', async (state) => {
      const { hash, token } = await begun(fixture.store, KEY)
      await fixture.store.finish(hash, token, { state, next: { inMs: LONG_MS }, attempt: attemptOf() })
      const { nextAttemptAt, attempts } = await rowOf(fixture.store, KEY)
      expect(nextAttemptAt).toBe((attempts[0]?.at ?? 0) + LONG_MS)
    })

    it.each(['handled', 'dead'] as const)('never, where it is %s', async (state) => {
      const { hash, token } = await begun(fixture.store, KEY)
      await fixture.store.finish(hash, token, { state, next: { inMs: LONG_MS } })
      expect((await rowOf(fixture.store, KEY)).nextAttemptAt).toBeUndefined()
    })
  })

  describe('writes the attempt', () => {
    it('with all that it is given, and the time', async () => {
      const { hash, token } = await begun(fixture.store, KEY)
      const attempt = attemptOf({
        ...{ source: 'replay', kind: 'failed', status: 503, code: 'handler_failed', durationMs: 1234 },
        ...{ error: Buffer.from([0, 1, 128, 255]), keyId: 'ff00' },
      })
      await fixture.store.finish(hash, token, { state: 'failed', next: 'never', attempt })
      const { attempts, firstReceivedAt } = await rowOf(fixture.store, KEY)
      const [{ error, at, ...written } = {}] = attempts
      expect(written).toEqual({
        number: 1,
        source: 'replay',
        kind: 'failed',
        status: 503,
        code: 'handler_failed',
        durationMs: 1234,
        keyId: 'ff00',
      })
      expect(Buffer.from(error ?? [])).toEqual(attempt.error)
      expect(at).toBeGreaterThanOrEqual(firstReceivedAt)
      expect(at).toBeLessThan(firstReceivedAt + LONG_MS)
    })

    it('without what it lacks', async () => {
      const { hash, token } = await begun(fixture.store, KEY)
      await fixture.store.finish(hash, token, { state: 'handled', next: 'never', attempt: attemptOf() })
      expect((await rowOf(fixture.store, KEY)).attempts[0]).toMatchObject({
        code: undefined,
        error: undefined,
        keyId: '',
      })
    })

    it('with a length that is not whole milliseconds, rounded', async () => {
      const { hash, token } = await begun(fixture.store, KEY)
      const attempt = attemptOf({ durationMs: 12.345 })
      await fixture.store.finish(hash, token, { state: 'handled', next: 'never', attempt })
      expect(Math.round((await rowOf(fixture.store, KEY)).attempts[0]?.durationMs ?? 0)).toBe(12)
    })

    it('under the number of the run, though others were noted since it began', async () => {
      await ended(fixture.store, KEY, 'failed')
      const { hash, token } = await begun(fixture.store, KEY)
      await fixture.store.note(ofKey(KEY), attemptOf({ kind: 'in-flight' }))
      await fixture.store.finish(hash, token, { state: 'handled', next: 'never', attempt: attemptOf() })
      const { attempts, attemptCount } = await rowOf(fixture.store, KEY)
      expect(attempts.map(({ number, kind }) => [number, kind])).toEqual([
        [2, 'handled'],
        [3, 'in-flight'],
      ])
      expect(attemptCount).toBe(3)
    })

    it('under a number that is given', async () => {
      const { hash, token, number } = await begun(fixture.store, KEY)
      const attempt = attemptOf({ number })
      await fixture.store.finish(hash, token, { state: 'handled', next: 'never', attempt })
      expect(await rowOf(fixture.store, KEY)).toMatchObject({ attempts: [{ number }], attemptCount: 1 })
    })
  })

  it('keeps of many attempts the first and the newest 20', async () => {
    for (let run = 1; run <= 25; run++) {
      const { hash, token } = await begun(fixture.store, KEY)
      await fixture.store.finish(hash, token, {
        state: 'failed',
        next: 'never',
        attempt: attemptOf({ durationMs: run }),
      })
    }
    const { attempts, attemptCount } = await rowOf(fixture.store, KEY)
    const kept = [1, ...Array.from({ length: 20 }, (_, index) => 6 + index)]
    expect(attempts.map(({ number, durationMs }) => [number, durationMs])).toEqual(
      kept.map((number) => [number, number]),
    )
    expect(attemptCount).toBe(25)
  })
}
