import type { DeliveryObserver, Outcome } from '@mailbox-hooks/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runObserved } from '../../src/outcome/observed-handler.js'
import { RunReport } from '../../src/outcome/run-report.js'
import { Running } from '../../src/outcome/running.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the report of a run', () => {
  it('has what is known, and the time in tenths of a millisecond', () => {
    const outcomes: Outcome[] = []
    vi.advanceTimersByTime(7_000)
    const report = new RunReport({ onOutcome: (outcome) => outcomes.push(outcome) }, undefined)
    vi.advanceTimersByTime(1_234)
    report.end({ id: 'acme:1', queuedMs: 7.6, attempt: 2, account: undefined }, { kind: 'dead', settled: undefined })
    expect(outcomes).toEqual([{ id: 'acme:1', queuedMs: 8, attempt: 2, kind: 'dead', status: 0, durationMs: 1_234 }])
    expect(Object.keys(outcomes[0]!)).not.toContain('account')
  })

  it('knows no time in the queue below 0, though the clocks differ, and none that was not told', () => {
    const outcomes: Outcome[] = []
    const report = () => new RunReport({ onOutcome: (outcome) => outcomes.push(outcome) }, undefined)
    report().end({ queuedMs: -5 }, { kind: 'handled' })
    report().end({}, { kind: 'handled' })
    expect(outcomes.map(({ queuedMs }) => queuedMs)).toEqual([0, undefined])
    expect(Object.keys(outcomes[1]!)).toEqual(['kind', 'status', 'durationMs'])
  })

  it('goes to an observer alone, and to a listener alone', () => {
    const ends: string[] = []
    const observer = { begin: () => ({ run: (handler: () => unknown) => handler(), end: () => ends.push('observer') }) }
    const observed = new RunReport({ observer: observer as unknown as DeliveryObserver }, undefined)
    // An observer may lack what it does not need.
    observed.enter('claim')
    observed.leave()
    observed.end({}, { kind: 'handled' })
    const heard = new RunReport({ onOutcome: () => ends.push('listener') }, undefined)
    heard.enter('claim')
    heard.leave()
    expect(heard.run(() => 7)).toBe(7)
    heard.end({}, { kind: 'handled' })
    new RunReport({}, undefined).end({}, { kind: 'handled' })
    expect(ends).toEqual(['observer', 'listener'])
  })
})

describe('an observed handler', () => {
  const observing = (run: (handler: () => unknown) => unknown) => ({ run }) as never

  it.each<[string, (handler: () => unknown) => unknown]>([
    ['calls it', (handler) => handler()],
    ['calls it twice', (handler) => [handler(), handler()]],
    ['does not call it', () => undefined],
    [
      'throws',
      () => {
        throw new Error('observer')
      },
    ],
    ['rejects', () => Promise.reject(new Error('observer'))],
  ])('runs once, and its result stands, whether its observer %s', (_what, run) => {
    let calls = 0
    expect(runObserved(observing(run), () => ++calls)).toBe(1)
    expect(calls).toBe(1)
  })

  it('runs inside its observer, whose context it has', () => {
    const steps: string[] = []
    const run = (handler: () => unknown) => {
      steps.push('begin')
      handler()
      steps.push('end')
    }
    runObserved(observing(run), () => steps.push('handler'))
    expect(steps).toEqual(['begin', 'handler', 'end'])
  })

  it('throws once what it throws', () => {
    let calls = 0
    const fail = () => {
      calls += 1
      throw new Error('handler')
    }
    expect(() =>
      runObserved(
        observing((handler) => handler()),
        fail,
      ),
    ).toThrow('handler')
    expect(calls).toBe(1)
  })

  it('is called as it is where nobody observes', () => {
    expect(runObserved(undefined, () => 7)).toBe(7)
  })
})

describe('what runs', () => {
  it('is over when each has ended, and each ends once', async () => {
    const running = new Running()
    await running.idle()
    const [first, second] = [running.begin(), running.begin()]
    const told: string[] = []
    const idle = [running.idle().then(() => told.push('one')), running.idle().then(() => told.push('two'))]
    first()
    first()
    await Promise.resolve()
    expect(told).toEqual([])
    second()
    await Promise.all(idle)
    expect(told).toEqual(['one', 'two'])
    await running.idle()
  })
})
