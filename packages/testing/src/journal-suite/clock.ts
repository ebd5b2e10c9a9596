import { assert, expect, it, onTestFinished, vi } from 'vitest'
import { titled } from '../titled.js'
import { attemptOf, begun, entryOf, type Fixture, LONG_MS, rowOf, SHORT_MS, takingOf } from './fixture.js'

const KEY = 'openmail:evt_1'
const DAY_MS = 24 * 3600_000

/** Puts this process's clock wrong by so much, and leaves its timers alone. */
function putClockWrong(byMs: number): void {
  vi.useRealTimers()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs })
  onTestFinished(() => {
    vi.useRealTimers()
  })
}

export function clockTests(fixture: Fixture): void {
  it.each(
    titled(
      [
        { beginner: 'right', beginnerMs: 0, asker: 'a day ahead', askerMs: DAY_MS },
        { beginner: 'a day behind', beginnerMs: -DAY_MS, asker: 'right', askerMs: 0 },
        { beginner: 'a day ahead', beginnerMs: DAY_MS, asker: 'a day behind', askerMs: -DAY_MS },
      ],
      ({ beginner, asker }) =>
        `keeps a lease to its length: begun by a clock that is ${beginner}, asked for by one that is ${asker}`,
    ),
  )('%s', async (clocks) => {
    putClockWrong(clocks.beginnerMs)
    await begun(fixture.store, KEY)
    putClockWrong(clocks.askerMs)
    const answer = await fixture.store.begin(entryOf(KEY))
    assert(answer.status === 'in-flight')
    expect(answer.retryAfterMs).toBeGreaterThan(LONG_MS / 2)
    expect(answer.retryAfterMs).toBeLessThanOrEqual(LONG_MS)
  })

  it('takes what is due, whatever the clock of the process', async () => {
    putClockWrong(DAY_MS)
    await begun(fixture.store, KEY, { as: 'queued', nextAttemptInMs: 0 })
    await begun(fixture.store, 'later', { as: 'queued', nextAttemptInMs: LONG_MS })
    putClockWrong(-DAY_MS)
    expect(await fixture.store.take(takingOf())).toHaveLength(1)
  })

  it('shows times of one clock', async () => {
    await begun(fixture.store, 'before')
    putClockWrong(DAY_MS)
    const { hash, token } = await begun(fixture.store, KEY)
    await fixture.store.finish(hash, token, { state: 'failed', next: { inMs: 0 }, attempt: attemptOf() })
    const { firstReceivedAt } = await rowOf(fixture.store, 'before')
    const { attempts, ...row } = await rowOf(fixture.store, KEY)
    const times = [row.firstReceivedAt, row.lastReceivedAt, row.nextAttemptAt ?? 0, attempts[0]?.at ?? 0]
    for (const time of times) expect(Math.abs(time - firstReceivedAt)).toBeLessThan(DAY_MS / 2)
  })

  it('purges by its own clock', async () => {
    putClockWrong(DAY_MS)
    await begun(fixture.store, KEY, { as: 'failed' })
    expect(await fixture.store.purge({ namespace: '', keepMs: LONG_MS, limit: 10 })).toBe(0)
    await fixture.outlast(SHORT_MS)
    expect(await fixture.store.purge({ namespace: '', keepMs: SHORT_MS, limit: 10 })).toBe(1)
  })
}
