import { assert, describe, expect, it } from 'vitest'
import { titled } from '../titled.js'
import {
  attemptOf,
  begun,
  ended,
  type Fixture,
  KEY_ID,
  lapsed,
  newToken,
  ofKey,
  rerunOf,
  rowOf,
  SHORT_MS,
  sealedAs,
  statusOf,
  takingOf,
} from './fixture.js'

const KEY = 'openmail:evt_1'

export function rerunTests(fixture: Fixture): void {
  async function rerun(given = {}) {
    const answer = await fixture.store.rerun(rerunOf(KEY, given))
    assert(answer.status === 'begun', `${KEY} is ${answer.status}`)
    return answer.row
  }

  describe('begins a run', () => {
    it.each(
      titled(
        [
          { state: 'handled', shown: 'handled' },
          { state: 'dead', shown: 'dead' },
          { state: 'failed', shown: 'received' },
          { state: 'queued', shown: 'received' },
        ] as const,
        ({ state, shown }) => `of an entry that is ${state}, which is ${shown} while it runs`,
      ),
    )('%s', async ({ state, shown }) => {
      await ended(fixture.store, KEY, state)
      const row = await rerun()
      expect(row).toMatchObject({ state: shown, was: state, number: 2, attemptCount: 2, nextAttemptAt: undefined })
      expect(await rowOf(fixture.store, KEY)).toMatchObject({ state: shown, attemptCount: 2 })
    })

    it('of an entry whose lease has ended', async () => {
      await lapsed(fixture, KEY)
      expect(await rerun()).toMatchObject({ was: 'received', number: 2, attempts: [{ number: 1, kind: 'abandoned' }] })
    })

    it('and gives all that is kept of the entry', async () => {
      const { hash, token } = await begun(fixture.store, KEY, { account: 'eu' })
      const attempt = attemptOf({ kind: 'failed', status: 500 })
      await fixture.store.finish(hash, token, { state: 'failed', next: 'never', attempt })
      const given = rerunOf(KEY)
      const answer = await fixture.store.rerun(given)
      assert(answer.status === 'begun')
      const { token: own, number, was, ...row } = answer.row
      expect([own, number, was]).toEqual([given.token, 2, 'failed'])
      expect(row).toEqual(await rowOf(fixture.store, KEY))
      expect(row).toMatchObject({ account: 'eu', attempts: [{ number: 1, status: 500 }] })
    })

    it('and tells when the entry was due before', async () => {
      const { hash, token } = await begun(fixture.store, KEY)
      await fixture.store.finish(hash, token, { state: 'failed', next: { inMs: 60_000 } })
      const due = (await rowOf(fixture.store, KEY))?.nextAttemptAt
      const answer = await fixture.store.rerun(rerunOf(KEY))
      assert(answer.status === 'begun' && due !== undefined)
      expect(answer.row.nextAttemptAt).toBe(due)
      expect((await rowOf(fixture.store, KEY))?.nextAttemptAt).toBeUndefined()
    })

    it('that its token extends and finishes', async () => {
      const { hash, token } = (await ended(fixture.store, KEY, 'failed')) && (await rerun())
      expect(await fixture.store.extend(hash, token, SHORT_MS)).toBe(true)
      expect(await fixture.store.finish(hash, token, { state: 'handled', next: 'never', attempt: attemptOf() })).toBe(
        true,
      )
      expect(await rowOf(fixture.store, KEY)).toMatchObject({ state: 'handled', attempts: [{ number: 2 }] })
    })

    it('that deliveries find in flight', async () => {
      await ended(fixture.store, KEY, 'failed')
      await rerun()
      expect(await statusOf(fixture.store, KEY)).toBe('in-flight')
    })

    it('without a word to deliveries where the entry is handled', async () => {
      await ended(fixture.store, KEY, 'handled')
      await rerun()
      expect(await statusOf(fixture.store, KEY)).toBe('handled')
    })

    it('that is none of `work`', async () => {
      await ended(fixture.store, KEY, 'dead')
      await rerun()
      expect((await rowOf(fixture.store, KEY)).runs).toBe(0)
    })

    it('that is abandoned when the next one begins', async () => {
      await ended(fixture.store, KEY, 'handled')
      await rerun({ leaseMs: SHORT_MS })
      await fixture.outlast(SHORT_MS)
      expect(await rerun()).toMatchObject({ number: 3, attempts: [{ number: 2, kind: 'abandoned', source: 'replay' }] })
    })

    it.each(['handled', 'dead'] as const)('that `work` does not take over where the entry is %s', async (state) => {
      await ended(fixture.store, KEY, state)
      await rerun({ leaseMs: SHORT_MS })
      await fixture.outlast(SHORT_MS)
      expect(await fixture.store.take(takingOf())).toEqual([])
      expect((await rowOf(fixture.store, KEY)).state).toBe(state)
    })

    it('while the entry has so many attempts', async () => {
      await ended(fixture.store, KEY, 'failed')
      await fixture.store.note(ofKey(KEY), attemptOf())
      expect(await rerun({ ifAttempts: 2 })).toMatchObject({ number: 3 })
    })
  })

  describe('begins none', () => {
    it('where there is no such entry', async () => {
      expect(await fixture.store.rerun(rerunOf(KEY))).toEqual({ status: 'missing' })
    })

    it('where the entry is sealed under another key, which it names', async () => {
      await ended(fixture.store, KEY, 'failed', { sealed: sealedAs(KEY, 'b2c3') })
      expect(await fixture.store.rerun(rerunOf(KEY))).toEqual({ status: 'sealed', keyId: 'b2c3' })
      expect(await fixture.store.rerun(rerunOf(KEY, { keyIds: [KEY_ID, 'b2c3'] }))).toMatchObject({ status: 'begun' })
    })

    it('where the format of the entry is newer than the caller knows', async () => {
      await ended(fixture.store, KEY, 'failed', { sealed: { ...sealedAs(KEY), format: 2 } })
      expect(await fixture.store.rerun(rerunOf(KEY))).toEqual({ status: 'sealed', keyId: KEY_ID })
      expect(await rowOf(fixture.store, KEY)).toMatchObject({ state: 'failed', attemptCount: 1 })
      expect(await fixture.store.rerun(rerunOf(KEY, { maxFormat: 2 }))).toMatchObject({ status: 'begun' })
    })

    it('while a run has the entry', async () => {
      const { hash, token } = await begun(fixture.store, KEY)
      expect(await fixture.store.rerun(rerunOf(KEY))).toEqual({ status: 'in-flight' })
      expect(await fixture.store.finish(hash, token, { state: 'handled', next: 'never' })).toBe(true)
    })

    it('while another rerun has an entry that is handled', async () => {
      await ended(fixture.store, KEY, 'handled')
      await rerun()
      expect(await fixture.store.rerun(rerunOf(KEY))).toEqual({ status: 'in-flight' })
    })

    it('where the entry has another number of attempts', async () => {
      await ended(fixture.store, KEY, 'failed')
      expect(await fixture.store.rerun(rerunOf(KEY, { ifAttempts: 0 }))).toEqual({ status: 'spent' })
      expect(await fixture.store.rerun(rerunOf(KEY, { ifAttempts: 2 }))).toEqual({ status: 'spent' })
      expect(await rowOf(fixture.store, KEY)).toMatchObject({ state: 'failed', attemptCount: 1 })
    })

    it('and says sealed before spent, and spent before in-flight', async () => {
      await begun(fixture.store, KEY)
      const spent = { ifAttempts: 0 }
      expect((await fixture.store.rerun(rerunOf(KEY, { ...spent, keyIds: [] }))).status).toBe('sealed')
      expect((await fixture.store.rerun(rerunOf(KEY, spent))).status).toBe('spent')
      expect((await fixture.store.rerun({ ...rerunOf('openmail:evt_2', spent), token: newToken() })).status).toBe(
        'missing',
      )
    })
  })
}
