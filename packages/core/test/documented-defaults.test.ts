import {
  coldMailReseller,
  createReceiver,
  type DedupStore,
  inboxKit,
  type Outcome,
  openMail,
  type ReceiverOptions,
} from '@mailbox-hooks/core'
import { memoryJournalStore } from '@mailbox-hooks/core/journal'
import { WebRequest } from '@mailbox-hooks/core/web'
import { signedDelivery } from '@mailbox-hooks/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { titled } from '../../testing/src/titled.js'
import { DAY_MS, document, numberIn } from './documented.js'
import { durableJournal } from './journal/journaled.js'
import { answerTo, receive, type Sent } from './request.js'
import { NOW, sent } from './sent-now.js'

const OPTIONS_PAGE = document('docs/options.md')
const PROVIDERS = document('docs/providers.md')
const OPTIONS = document('packages/core/src/receiver/receiver-options.ts')

const secrets = ['key']
const BUILT_IN = [
  {
    title: 'Cold Mail Reseller',
    provider: coldMailReseller({ secrets }),
    deliver: (at: number): Sent => signedDelivery('cold-mail-reseller', 'mailbox.created', { secret: 'key', at }),
  },
  {
    title: 'OpenMail',
    provider: openMail({ secrets }),
    deliver: (at: number): Sent => signedDelivery('openmail', 'message.received', { secret: 'key', at }),
  },
  {
    title: 'InboxKit',
    provider: inboxKit({ secrets }),
    deliver: (at: number): Sent => signedDelivery('inboxkit', 'mailbox.status_changed', { secret: 'key', at }),
  },
]

const never = () => new Promise<never>(() => {})

/** A store that grants every claim, and notes what it is asked for. */
function recordingStore() {
  const calls: { [Verb in 'claim' | 'complete' | 'position']: unknown[][] } = { claim: [], complete: [], position: [] }
  const store: DedupStore = {
    claim: async (...args) => {
      calls.claim.push(args)
      return { status: 'claimed', token: '1' }
    },
    complete: async (...args) => Boolean(calls.complete.push(args)),
    position: async (...args) => void calls.position.push(args),
    release: async () => true,
    extend: async () => true,
  }
  return { store, calls }
}

/** A receiver that is given nothing but what it must have, and this. */
const receiverOf = (options: Partial<ReceiverOptions> = {}) =>
  createReceiver({ providers: [openMail({ secrets })], ...options })

/** Returns the calls that one handled delivery makes to the store. */
async function callsOfOne() {
  const { store, calls } = recordingStore()
  const payload = { event_id: 'evt_1', occurred_at: new Date(NOW).toISOString() }
  const delivery = signedDelivery('openmail', 'message.received', { secret: 'key', at: NOW, payload })
  const reception = await receive(receiverOf({ store }), delivery)
  if (reception.answer === undefined) await reception.settle(200)
  return calls
}

/** Sees that the answer comes at this time, and not a millisecond earlier. */
async function expectAnswerAt(ms: number, options: Partial<ReceiverOptions>, answer: string) {
  let said = 'nothing yet'
  answerTo(receiverOf(options), sent('evt_1')).then((text) => {
    said = text
  })
  await vi.advanceTimersByTimeAsync(ms - 1)
  expect(said).toBe('nothing yet')
  await vi.advanceTimersByTimeAsync(1)
  expect(said).toBe(answer)
}

/** An authentic body of this length; no length is announced. */
async function answerToBody(length: number): Promise<number | 'accepted'> {
  const event = signedDelivery('openmail', 'message.received', { secret: 'key', at: NOW }).body
  const { headers, body } = signedDelivery('openmail', 'message.received', {
    secret: 'key',
    at: NOW,
    body: event + ' '.repeat(length - Buffer.byteLength(event)),
  })
  const request = new Request('https://localhost', { method: 'POST', headers, body })
  const { answer } = await receiverOf().receive(new WebRequest(request))
  return answer?.status ?? 'accepted'
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** By option: that what is documented is what happens. */
const CHECKS: Readonly<Record<string, (documented: string) => Promise<void>>> = {
  store: async (documented) => {
    expect(documented).toBe('memoryStore()')
    const receiver = receiverOf()
    const first = await receive(receiver, sent('evt_1'))
    if (first.answer === undefined) await first.settle(200)
    expect((await receive(receiver, sent('evt_1'))).answer?.body).toContain('"duplicate":true')
  },
  namespace: async (documented) => {
    expect(documented).toBe("''")
    expect((await callsOfOne()).claim[0]![0]).toBe('openmail:evt_1')
  },
  limitBytes: async (documented) => {
    expect(await answerToBody(numberIn(documented))).toBe('accepted')
    expect(await answerToBody(numberIn(documented) + 1)).toBe(413)
  },
  retentionMs: async (documented) => {
    expect((await callsOfOne()).complete[0]![2]).toBe(numberIn(documented))
  },
  leaseMs: async (documented) => {
    expect((await callsOfOne()).claim[0]![1]).toBe(numberIn(documented))
  },
  maxHandlerMs: async (documented) => expect(documented).toBe('by provider'),
  storeTimeoutMs: async (documented) => {
    const store = { ...recordingStore().store, claim: never }
    await expectAnswerAt(numberIn(documented), { store }, '503 store_unavailable')
  },
  journalTimeoutMs: async (documented) => {
    const rows = memoryJournalStore()
    rows.begin = never
    await expectAnswerAt(numberIn(documented), { journal: durableJournal(rows) }, '503 journal_unavailable')
  },
  handOffTimeoutMs: (documented) => expectAnswerAt(numberIn(documented), { handOff: never }, '503 hand_off_failed'),
  invalid: async (documented) => {
    expect(documented).toBe("'reject'")
    const payload = { message: { id: 1 as never } }
    const unfit = signedDelivery('openmail', 'message.received', { secret: 'key', at: NOW, payload })
    expect(await answerTo(receiverOf(), unfit)).toBe('422 payload_invalid')
  },
  ordering: async (documented) => {
    expect(documented).toBe('false')
    expect((await callsOfOne()).position).toEqual([])
  },
  handleWhenStoreIsDown: async (documented) => {
    expect(documented).toBe('false')
    const store = { ...recordingStore().store, claim: () => Promise.reject(new Error('down')) }
    expect(await answerTo(receiverOf({ store }), sent('evt_1'))).toBe('503 store_unavailable')
  },
  now: async (documented) => {
    expect(documented).toBe('Date.now')
    expect(await answerTo(receiverOf(), sent('evt_1'))).toBe('accepted')
    vi.setSystemTime(NOW + DAY_MS)
    expect(await answerTo(receiverOf(), sent('evt_2'))).toBe('401 timestamp_invalid')
  },
}

describe('the default in docs/options.md', () => {
  const table = OPTIONS_PAGE.split('\n## Receiver\n')[1]!.split('\n## ')[0]!
  const rows = [...table.matchAll(/^\| `(\w+)` +\| (.*?) +\| (.*?) +\|$/gm)]
  const documented = rows.map(([, option, byDefault]) => ({
    option: option!,
    byDefault: byDefault!.replaceAll('`', ''),
  }))

  it.each(
    titled(
      documented.filter(({ byDefault }) => byDefault !== ''),
      ({ option, byDefault }) => `of ${option} is what holds: ${byDefault}`,
    ),
  )('%s', ({ option, byDefault }) => CHECKS[option]!(byDefault))

  it.each(
    titled(
      documented.filter(({ byDefault }) => /\d/.test(byDefault)),
      'option',
    ),
  )('of %s is in its doc comment', ({ option, byDefault }) => {
    const [comment] = OPTIONS.slice(0, OPTIONS.indexOf(`readonly ${option}?:`)).match(/\/\*\*(?:(?!\/\*\*).)*$/s)!
    expect(comment.replaceAll(/\s+\*?\s*/g, ' ')).toContain(`Default ${byDefault}.`)
  })
})

describe.each(titled(BUILT_IN, 'title'))('what is documented of %s', ({ title, provider, deliver }) => {
  it('is how long its handlers may run', async () => {
    const [, documented] = OPTIONS_PAGE.match(new RegExp(`may be handled again:.*\\b${title} (\\d+ s)\\b`))!
    expect(OPTIONS).toContain(`${title} ${numberIn(documented!).toLocaleString('en')}`)
    const outcomes: Outcome[] = []
    const receiver = createReceiver({ providers: [provider], onOutcome: (outcome) => outcomes.push(outcome) })
    await receive(receiver, deliver(NOW))
    await vi.advanceTimersByTimeAsync(numberIn(documented!) - 1)
    expect(outcomes).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(outcomes).toMatchObject([{ kind: 'abandoned' }])
  })

  it('is how long it keeps retrying: a lease must be shorter', () => {
    const [, documented] = OPTIONS_PAGE.match(new RegExp(`keep retrying for .*?(\\d+ s) \\(${title}\\)`))!
    const create = (leaseMs: number) => () => createReceiver({ providers: [provider], leaseMs })
    expect(create(numberIn(documented!) - 1)).not.toThrow()
    expect(create(numberIn(documented!))).toThrow('leaseMs')
  })

  it('is how old a delivery may be, and how far ahead', async () => {
    const [, age, ahead] = PROVIDERS.match(
      new RegExp(`^\\| ${title} +\\|.*\\| ([\\d,]+)(?: \\(a day\\))? +\\| (\\d+) +\\|$`, 'm'),
    )!
    const answer = (seconds: number) =>
      answerTo(createReceiver({ providers: [provider] }), deliver(NOW + seconds * 1000))
    expect(await answer(-numberIn(age!))).toBe('accepted')
    expect(await answer(-numberIn(age!) - 1)).toMatch(/timestamp_invalid$/)
    expect(await answer(numberIn(ahead!))).toBe('accepted')
    expect(await answer(numberIn(ahead!) + 1)).toMatch(/timestamp_invalid$/)
  })
})
