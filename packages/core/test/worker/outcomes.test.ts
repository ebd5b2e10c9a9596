import { logOutcomes } from '@mailbox-hooks/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { notingObserver, openQueue, SEALING, startWorker } from './worked.js'

const PLANTED = 'planted-app-password'

async function queued(payload: object = {}) {
  const queue = openQueue()
  expect(await queue.send('evt_1', payload)).toBe(200)
  return queue.jobs[0]!
}

describe('a run of a queued delivery', () => {
  it('has one outcome: handled, with the job, the attempt and the time in the queue', async () => {
    const { packed, terms } = await queued()
    const worker = startWorker(() => 'a result that no queue may store')
    const job = { id: 'job_1' }
    expect(await worker.run(packed, { jobId: 'job_1', attempt: 2, original: job })).toBe('done')
    expect(worker.outcomes).toEqual([
      {
        kind: 'handled',
        status: 0,
        provider: 'openmail',
        id: 'openmail:evt_1',
        type: 'message.received',
        trust: 'body+timestamp',
        jobId: 'job_1',
        attempt: 2,
        queuedMs: expect.any(Number),
        durationMs: expect.any(Number),
      },
    ])
    expect(worker.outcomes[0]!.queuedMs).toBeLessThan(60_000)
    expect(worker.originals).toEqual([job])
    // Without the queue's own id, that of the hand-off.
    await worker.run(packed)
    expect(worker.outcomes[1]).toMatchObject({ jobId: terms.jobId })
  })

  it('counts the time in the queue from the hand-off, not from the receipt', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const { packed } = await queued()
    vi.advanceTimersByTime(9_000)
    const worker = startWorker(() => {})
    await worker.run(packed)
    expect(worker.outcomes).toMatchObject([{ queuedMs: 9_000 }])
  })

  it('is failed while the queue retries, and dead when it does not', async () => {
    const { packed } = await queued()
    const worker = startWorker(() => Promise.reject(new RangeError('too far')))
    for (const [attempt, isLast] of [
      [1, false],
      [2, (error: Error) => error.name === 'RangeError'],
    ] as const) {
      expect(await worker.run(packed, { attempt, isLast })).toMatchObject({ name: 'RangeError', message: 'too far' })
    }
    expect(worker.outcomes).toMatchObject([
      { kind: 'failed', attempt: 1, error: { name: 'RangeError', message: 'too far' } },
      { kind: 'dead', attempt: 2, error: { name: 'RangeError', message: 'too far' } },
    ])
  })

  it('shows no credential in its error', async () => {
    const { packed } = await queued({ message: { id: 'm', from: 'a@x.com', password: PLANTED } })
    const worker = startWorker(() => {
      throw Object.assign(new Error(`Cannot log in with ${PLANTED}`), { code: 'EAUTH', response: PLANTED })
    })
    const error = await worker.run(packed)
    expect(worker.outcomes).toMatchObject([
      { error: { name: 'Error', message: 'Cannot log in with [redacted]', code: 'EAUTH' } },
    ])
    expect(JSON.stringify([worker.outcomes, error, (error as Error).stack])).not.toContain(PLANTED)
  })

  it('that cannot be opened is told by the facts that anyone can read', async () => {
    const { packed } = await queued()
    const worker = startWorker(() => {}, { sealingKeys: [new Uint8Array(32).fill(8)] })
    await worker.run(packed, { jobId: 'job_1', isLast: true })
    await worker.run('no delivery at all')
    expect(worker.outcomes).toMatchObject([
      { kind: 'dead', id: 'openmail:evt_1', provider: 'openmail', jobId: 'job_1', error: { name: 'SealError' } },
      { kind: 'failed', error: { name: 'SealError', message: 'It holds no delivery.' } },
    ])
  })

  it('was left to nobody where the map has no function for it', async () => {
    const { packed } = await queued()
    const worker = startWorker({ 'mailbox.created': () => {} } as object)
    await worker.run(packed)
    expect(worker.outcomes).toMatchObject([{ kind: 'handled', handledBy: 'nobody' }])
  })

  it('is not changed by listeners that throw or reject', async () => {
    const { packed } = await queued()
    for (const onOutcome of [
      () => {
        throw new Error('listener')
      },
      () => Promise.reject(new Error('listener')),
    ]) {
      expect(await startWorker(() => {}, { onOutcome }).run(packed)).toBe('done')
    }
  })

  it('is logged as a warning, an error or a fact, as bad as it is', async () => {
    const { packed } = await queued()
    const lines: [string, object][] = []
    const logger = {
      info: (facts: object) => lines.push(['info', facts]),
      warn: (facts: object) => lines.push(['warn', facts]),
      error: (facts: object) => lines.push(['error', facts]),
    }
    let fails = true
    const options = { onOutcome: logOutcomes(logger) }
    const worker = startWorker(() => (fails ? Promise.reject(new Error('x')) : 1), options)
    await worker.run(packed, { attempt: 1 })
    await worker.run(packed, { attempt: 2, isLast: true })
    fails = false
    await worker.run(packed, { attempt: 3, isLast: true })
    expect(lines.map(([level]) => level)).toEqual(['warn', 'error', 'info'])
  })

  it('is refused at start with a wrong option', () => {
    for (const [options, message] of [
      [{ onOutcome: 'log' }, /test: onOutcome must be a function/],
      [{ observer: {} }, /observer must be an object with a method begin/],
      [{ journal: {} }, /journal must be a journal/],
      [{ store: {} }, /store must be a store/],
      [{ onoutcome: () => {} }, /no option onoutcome; do you mean onOutcome/],
    ] as const) {
      expect(() => startWorker(() => {}, options as object)).toThrow(TypeError)
      expect(() => startWorker(() => {}, options as object)).toThrow(message)
    }
  })
})

describe('the trace', () => {
  const place = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', tracestate: 'a=b' }

  it('goes on in the worker, below the step that queued the delivery', async () => {
    const { jobs, send } = openQueue({ observer: notingObserver(place) })
    await send()
    expect(jobs[0]!.terms.trace).toEqual(place)
    const steps: string[] = []
    await startWorker(() => {}, { observer: notingObserver(undefined, steps) }).run(jobs[0]!.packed)
    expect(steps).toEqual([`begin below ${place.traceparent}`, 'handler', 'leave', 'handled'])
  })

  it('begins in the worker where the receiver has none', async () => {
    const { packed } = await queued()
    const steps: string[] = []
    await startWorker(() => Promise.reject(new Error('x')), { observer: notingObserver(place, steps) }).run(packed)
    expect(steps).toEqual(['begin below undefined', 'handler', 'leave', 'failed'])
  })
})

describe('idle', () => {
  it('waits for the handlers that run', async () => {
    const { packed } = await queued()
    let end = () => {}
    const worker = startWorker(() => new Promise<void>((resolve) => (end = resolve)), SEALING)
    await worker.idle()
    const runs = [worker.run(packed)]
    let isIdle = false
    const idle = worker.idle().then(() => (isIdle = true))
    await new Promise(setImmediate)
    expect(isIdle).toBe(false)
    end()
    await Promise.all([...runs, idle])
    expect(isIdle).toBe(true)
  })
})
