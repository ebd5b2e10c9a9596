import { coldMailReseller, inboxKit, openMail } from '@mailbox-hooks/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { anotherEvent, sample } from '../src/index.js'

const secrets = ['test-key']
const NO_HEADERS = { header: () => undefined }

const EVENTS = [
  [coldMailReseller({ secrets }), sample.coldMailReseller['mailbox.created']],
  [inboxKit({ secrets }), sample.inboxKit['mailbox.status_changed']],
  [openMail({ secrets }), sample.openMail['message.received']],
] as const

describe.each(EVENTS.map(([provider, make]) => [provider.name, provider, make] as const))(
  'another event of %s',
  (name, { describe }, make) => {
    const another = (options?: { at: number }) => anotherEvent(name, make(), options)
    const idOf = (payload: Readonly<Record<string, unknown>>) => JSON.stringify(describe(payload, NO_HEADERS).id)

    it('is taken for a duplicate of none, though a thousand are made at once', () => {
      const events = Array.from({ length: 1_000 }, () => another())
      expect(new Set(events.map(idOf)).size).toBe(1_000)
    })

    it('is another at another time', () => {
      expect(idOf(another({ at: 1 }))).not.toBe(idOf(another({ at: 2 })))
    })
  },
)

describe('the time of another event', () => {
  afterEach(() => void vi.useRealTimers())

  const timesOf = (count: number) =>
    Array.from({ length: count }, () =>
      Date.parse(anotherEvent('inboxkit', sample.inboxKit['mailbox.status_changed']()).timestamp),
    )

  it('is the present, and a millisecond later for each that was made in the same one', () => {
    vi.useFakeTimers({ now: 1_000_000 })
    expect(timesOf(3)).toEqual([1_000_000, 1_000_001, 1_000_002])
    vi.advanceTimersByTime(1)
    expect(timesOf(1)).toEqual([1_000_003])
    vi.advanceTimersByTime(1_000)
    expect(timesOf(1)).toEqual([1_001_001])
  })

  it('is the present too when the clock was set back', () => {
    vi.useFakeTimers({ now: 2_000_000 })
    timesOf(3)
    vi.setSystemTime(1_500_000)
    expect(timesOf(1)).toEqual([1_500_000])
  })
})
