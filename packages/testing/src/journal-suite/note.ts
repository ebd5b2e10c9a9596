import { expect, it } from 'vitest'
import { titled } from '../titled.js'
import {
  attemptOf,
  begun,
  ended,
  type Fixture,
  hashOf,
  ofKey,
  queryOf,
  receivedAfter,
  rowOf,
  statusOf,
} from './fixture.js'

const KEY = 'openmail:evt_1'
const OTHER = 'openmail:evt_2'

export function noteTests(fixture: Fixture): void {
  it('adds an attempt under the next number', async () => {
    await ended(fixture.store, KEY, 'handled')
    await fixture.store.note(ofKey(KEY), attemptOf({ kind: 'duplicate' }))
    await fixture.store.note(ofKey(KEY), attemptOf({ kind: 'duplicate', status: 201, source: 'replay', code: 'x' }))
    const { attempts, attemptCount } = await rowOf(fixture.store, KEY)
    expect(attempts).toMatchObject([
      { number: 2, kind: 'duplicate', status: 200, source: 'provider', code: undefined },
      { number: 3, kind: 'duplicate', status: 201, source: 'replay', code: 'x' },
    ])
    expect(attemptCount).toBe(3)
  })

  it('adds the attempt of a run under its number, and counts no other', async () => {
    const { number } = await begun(fixture.store, KEY, { as: 'queued' })
    await fixture.store.note(ofKey(KEY), attemptOf({ number, kind: 'queued', error: Buffer.from('sealed') }))
    const { attempts, attemptCount } = await rowOf(fixture.store, KEY)
    expect(attempts.map(({ number, kind, error }) => [number, kind, Buffer.from(error ?? []).toString()])).toEqual([
      [1, 'queued', 'sealed'],
    ])
    expect(attemptCount).toBe(1)
  })

  it('replaces an attempt of the same number', async () => {
    const { number } = await begun(fixture.store, KEY, { as: 'failed' })
    await fixture.store.note(ofKey(KEY), attemptOf({ number, kind: 'rejected', status: 422, code: 'payload_invalid' }))
    await fixture.store.note(ofKey(KEY), attemptOf({ number, kind: 'failed', status: 500 }))
    const { attempts } = await rowOf(fixture.store, KEY)
    expect(attempts).toMatchObject([{ number: 1, kind: 'failed', status: 500, code: undefined }])
  })

  it('leaves state, lease and token as they are', async () => {
    const { hash, token } = await begun(fixture.store, KEY)
    await fixture.store.note(ofKey(KEY), attemptOf({ kind: 'in-flight', status: 503 }))
    expect(await statusOf(fixture.store, KEY)).toBe('in-flight')
    expect(await fixture.store.finish(hash, token, { state: 'handled', next: 'never' })).toBe(true)
  })

  it('keeps of many attempts the first and the newest 20', async () => {
    const { hash, token } = await begun(fixture.store, KEY)
    for (let count = 2; count <= 30; count++) await fixture.store.note(ofKey(KEY), attemptOf({ durationMs: count }))
    await fixture.store.finish(hash, token, { state: 'handled', next: 'never', attempt: attemptOf({ durationMs: 1 }) })
    await fixture.store.note(ofKey(KEY), attemptOf({ number: 5 }))
    const { attempts } = await rowOf(fixture.store, KEY)
    const kept = [1, ...Array.from({ length: 20 }, (_, index) => 11 + index)]
    expect(attempts.map(({ number, durationMs }) => [number, durationMs])).toEqual(
      kept.map((number) => [number, number]),
    )
  })

  it('raises lastReceivedAt for a delivery', async () => {
    await ended(fixture.store, OTHER, 'handled')
    await ended(fixture.store, KEY, 'handled')
    const before = await receivedAfter(fixture.store, KEY, OTHER)
    await fixture.outlast(0)
    await fixture.store.note(ofKey(KEY), attemptOf({ kind: 'duplicate' }))
    expect((await receivedAfter(fixture.store, KEY, OTHER)).last).toBeGreaterThan(before.last)
  })

  it.each(
    titled(
      [
        { what: 'a run that was finished before', given: { number: 1 } },
        { what: 'a replay', given: { source: 'replay' } as const },
        { what: 'a run of `work`', given: { source: 'retry' } as const },
      ],
      'what',
    ),
  )('does not raise lastReceivedAt for %s', async ({ given }) => {
    await ended(fixture.store, OTHER, 'handled')
    await ended(fixture.store, KEY, 'handled')
    const before = await receivedAfter(fixture.store, KEY, OTHER)
    await fixture.outlast(0)
    await fixture.store.note(ofKey(KEY), attemptOf(given))
    expect(await receivedAfter(fixture.store, KEY, OTHER)).toEqual(before)
  })

  it('does nothing where there is no such entry', async () => {
    await fixture.store.note(ofKey(KEY), attemptOf())
    expect(await fixture.store.find(queryOf())).toEqual([])
    await begun(fixture.store, KEY)
    expect(await rowOf(fixture.store, KEY)).toMatchObject({ attemptCount: 1, attempts: [] })
  })

  it('does nothing where the entry was erased', async () => {
    const { hash } = await ended(fixture.store, KEY, 'handled')
    await fixture.store.erase({ namespace: '', hash })
    await fixture.store.note(ofKey(KEY), attemptOf())
    expect(await fixture.store.read('', hashOf(KEY))).toBeUndefined()
    expect(await statusOf(fixture.store, KEY)).toBe('handled')
  })
}
