import type { Begun, JournalStore } from '@mailbox-hooks/core/journal'
import { expect, it } from 'vitest'
import {
  attemptOf,
  begun,
  ended,
  entryOf,
  type Fixture,
  hashOf,
  KEY_ID,
  LONG_MS,
  lapsed,
  newToken,
  ofKey,
  rerunOf,
  rowOf,
  SHORT_MS,
  takingOf,
} from './fixture.js'

const KEY = 'openmail:evt_1'

const winners = (answers: readonly Begun[]) => answers.filter(({ status }) => status === 'begun').length

export function contentionTests(fixture: Fixture, connections: number): void {
  /** Does the same from all connections at once. */
  async function fromAll<T>(act: (store: JournalStore, index: number) => Promise<T>): Promise<T[]> {
    const stores = await fixture.others(connections)
    return Promise.all(stores.map(act))
  }

  it('has each process find the same id of the journal, which is 16 bytes', async () => {
    const ids = await fromAll((store) => store.journalId())
    expect(new Set(ids).size).toBe(1)
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/)
  })

  it('migrates as often as it is asked to, and keeps the id and the entries', async () => {
    const id = await fixture.store.journalId()
    await begun(fixture.store, KEY)
    await fromAll((store) => store.migrate())
    expect(await fixture.store.journalId()).toBe(id)
    expect((await rowOf(fixture.store, KEY)).state).toBe('received')
  })

  it('begins one run of an event that is delivered to all at once', async () => {
    const answers = await fromAll((store) => store.begin(entryOf(KEY)))
    expect(winners(answers)).toBe(1)
    expect(answers.filter(({ status }) => status === 'in-flight')).toHaveLength(connections - 1)
    expect((await rowOf(fixture.store, KEY)).attemptCount).toBe(1)
  })

  it('queues an event once that is delivered to all at once', async () => {
    const answers = await fromAll((store) => store.begin(entryOf(KEY, { as: 'queued' })))
    expect(winners(answers)).toBe(1)
    expect(answers.filter(({ status }) => status === 'queued')).toHaveLength(connections - 1)
  })

  it.each([
    ['has failed', () => ended(fixture.store, KEY, 'failed')],
    ['died', () => lapsed(fixture, KEY)],
  ])('begins one run of an entry whose handler %s', async (_, prepare) => {
    await prepare()
    expect(winners(await fromAll((store) => store.begin(entryOf(KEY))))).toBe(1)
    expect((await rowOf(fixture.store, KEY)).attemptCount).toBe(2)
  })

  it('inserts one entry of the next generation', async () => {
    await ended(fixture.store, KEY, 'handled', { isLimited: true, windowMs: SHORT_MS })
    await fixture.outlast(SHORT_MS)
    const answers = await fromAll((store, index) =>
      store.begin({ ...entryOf(KEY, { generation: 1 }), hash: hashOf(`${KEY}~${index}`) }),
    )
    expect(winners(answers)).toBe(1)
    expect(answers.filter(({ status }) => status === 'in-flight')).toHaveLength(connections - 1)
  })

  it('begins each of 100 events once, delivered 1,000 times at once', async () => {
    const stores = await fixture.others(10)
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, async (_, index) => {
        const key = `openmail:evt_${index % 100}`
        // Ten stores and a hundred keys: one key goes through one store, unless the stores are shifted.
        const store = stores[(index + Math.floor(index / 100)) % stores.length] ?? fixture.store
        return { key, answer: await store.begin(entryOf(key)) }
      }),
    )
    const begunKeys = answers.filter(({ answer }) => answer.status === 'begun').map(({ key }) => key)
    expect(begunKeys).toHaveLength(100)
    expect(new Set(begunKeys).size).toBe(100)
    expect(answers.filter(({ answer }) => answer.status === 'in-flight')).toHaveLength(900)
  })

  it('has one of a delivery, a rerun and `work` begin the run', async () => {
    await lapsed(fixture, KEY)
    const runs = await fromAll(async (store, index) => {
      if (index % 3 === 0) return (await store.begin(entryOf(KEY))).status === 'begun'
      if (index % 3 === 1) return (await store.rerun(rerunOf(KEY))).status === 'begun'
      return (await store.take(takingOf())).length === 1
    })
    expect(runs.filter(Boolean)).toHaveLength(1)
    expect((await rowOf(fixture.store, KEY)).attemptCount).toBe(2)
  })

  it('spends a ticket once', async () => {
    await ended(fixture.store, KEY, 'handled')
    const answers = await fromAll(async (store) => {
      const rerun = rerunOf(KEY, { ifAttempts: 1 })
      const { status } = await store.rerun(rerun)
      if (status === 'begun') await store.finish(rerun.hash, rerun.token, { state: 'handled', next: 'never' })
      return status
    })
    expect(answers.filter((status) => status === 'begun')).toHaveLength(1)
  })

  it('ends a run once, however many try', async () => {
    const { hash, token } = await begun(fixture.store, KEY)
    const states = ['handled', 'failed'] as const
    const finished = await fromAll((store, index) =>
      store.finish(hash, token, {
        state: states[index % 2] ?? 'dead',
        next: 'never',
        attempt: attemptOf({ status: index }),
      }),
    )
    expect(finished.filter(Boolean)).toHaveLength(1)
    const winner = finished.indexOf(true)
    expect(await rowOf(fixture.store, KEY)).toMatchObject({ state: states[winner % 2], attempts: [{ status: winner }] })
  })

  it('never gives one entry to two takers', async () => {
    const keys = Array.from({ length: 150 }, (_, index) => `openmail:evt_${index}`)
    await Promise.all(keys.map((key) => begun(fixture.store, key, { as: 'queued', nextAttemptInMs: 0 })))
    const stores = await fixture.others(6)
    const taken = await Promise.all(
      stores.map(async (store) => {
        const own: string[] = []
        // Others may have locked what is due just now.
        for (let empty = 0; empty < 5; ) {
          const rows = await store.take({ namespace: '', limit: 7, leaseMs: LONG_MS, keyIds: [KEY_ID], maxFormat: 1 })
          own.push(...rows.map(({ hash }) => hash))
          empty = rows.length === 0 ? empty + 1 : 0
        }
        return own
      }),
    )
    expect(taken.flat()).toHaveLength(150)
    expect(new Set(taken.flat()).size).toBe(150)
  })

  it('numbers attempts that are noted at once, each by its own', async () => {
    await ended(fixture.store, KEY, 'handled')
    await fromAll((store) => store.note(ofKey(KEY), attemptOf({ kind: 'duplicate' })))
    const { attempts, attemptCount } = await rowOf(fixture.store, KEY)
    const numbers = Array.from({ length: connections }, (_, index) => index + 2).slice(-20)
    expect(attempts.map(({ number }) => number)).toEqual(numbers)
    expect(attemptCount).toBe(connections + 1)
  })

  it('keeps what is begun and finished at once by many', async () => {
    const stores = await fixture.others(4)
    const finished = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const store = stores[index % 4] ?? fixture.store
        const { hash, token } = await begun(store, `openmail:evt_${index}`, { token: newToken() })
        return store.finish(hash, token, { state: 'handled', next: 'never', attempt: attemptOf() })
      }),
    )
    expect(finished).toEqual(Array(200).fill(true))
    expect(await fixture.store.stats('')).toMatchObject([{ state: 'handled', count: 200 }])
  })
}
