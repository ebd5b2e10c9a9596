import type { Journal, Outcome, WorkOptions } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { notingObserver } from '../worker/worked.js'
import { durableJournal, mail, setUp } from './journaled.js'

const place = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }

async function workOn(journal: Journal, handler: () => unknown, options: WorkOptions) {
  const { deliver } = setUp({ journal, handOff: journal.handOff, observer: notingObserver(place) })
  await deliver(mail('evt_1'))
  const worker = journal.work(handler, options)
  await worker.idle()
  await worker.stop()
}

describe('journal.work', () => {
  it.each<[string, number, Outcome['kind']]>([
    ['a failure that is retried', 2, 'failed'],
    ['the last failure', 1, 'dead'],
  ])('reports %s, with its error', async (_which, attempts, kind) => {
    const outcomes: Outcome[] = []
    const onOutcome = (outcome: Outcome) => outcomes.push(outcome)
    const fail = () => Promise.reject(new RangeError('too far'))
    await workOn(durableJournal(), fail, { attempts, onOutcome })
    expect(outcomes).toMatchObject([
      {
        kind,
        status: 0,
        id: 'openmail:evt_1',
        provider: 'openmail',
        type: 'message.received',
        attempt: 1,
        queuedMs: expect.any(Number),
        error: { name: 'RangeError', message: 'too far' },
      },
    ])
  })

  it("reports what was handled, and continues the receiver's trace", async () => {
    const steps: string[] = []
    const outcomes: string[] = []
    const observer = notingObserver(undefined, steps)
    await workOn(durableJournal(), () => {}, { observer, onOutcome: ({ kind }) => outcomes.push(kind) })
    expect(outcomes).toEqual(['handled'])
    expect(steps).toEqual([`begin below ${place.traceparent}`, 'handler', 'leave', 'handled'])
  })
})
