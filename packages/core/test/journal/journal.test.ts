import { memoryJournal, memoryStore, openMail } from '@mailbox-hooks/core'
import { type JournalStore, memoryJournalStore } from '@mailbox-hooks/core/journal'
import { describe, expect, it, vi } from 'vitest'
import { entryHash } from '../../src/journal/entry-hash.js'
import { durableJournal, mail, settled, setUp } from './journaled.js'

const ofKey = (key: string) => ({ namespace: '', keyHash: entryHash(key) })

const NOTED = {
  source: 'provider',
  kind: 'in-flight',
  status: 503,
  code: 'in_flight',
  durationMs: 1,
  error: undefined,
  keyId: '',
} as const

describe('a durable journal', () => {
  it('decides what was handled, without a store', async () => {
    const journal = durableJournal()
    const handle = vi.fn(() => 200)
    const { deliver } = setUp({ journal }, handle)
    expect([await deliver(mail('evt_1')), await deliver(mail('evt_1'))]).toEqual([200, 200])
    expect(handle).toHaveBeenCalledTimes(1)
    await settled()
    const { entries } = await journal.find()
    expect(entries).toMatchObject([
      {
        id: 'openmail:evt_1',
        provider: 'openmail',
        type: 'message.received',
        trust: 'body+timestamp',
        state: 'handled',
        attempts: [
          { number: 1, source: 'provider', kind: 'handled', status: 200 },
          { number: 2, source: 'provider', kind: 'duplicate', status: 200 },
        ],
      },
    ])
  })

  it('answers 503 for an event that is in flight, and runs it once', async () => {
    const journal = durableJournal()
    let end = () => {}
    const { deliver } = setUp({ journal }, () => new Promise((resolve) => (end = () => resolve(200))))
    const first = deliver(mail('evt_1'))
    await settled()
    expect(await deliver(mail('evt_1'))).toBe(503)
    end()
    expect(await first).toBe(200)
  })

  // They have no UTF-8, in which all of them are one replacement character.
  it('takes ids that differ in a lone surrogate for two events', async () => {
    const handle = vi.fn(() => 200)
    const { deliver } = setUp({ journal: durableJournal() }, handle)
    expect([await deliver(mail('evt_\ud800')), await deliver(mail('evt_\ud801'))]).toEqual([200, 200])
    expect(handle).toHaveBeenCalledTimes(2)
  })

  it('runs an event again whose handler failed', async () => {
    const journal = durableJournal()
    const statuses = [500, 200]
    const { deliver } = setUp({ journal }, () => statuses.shift())
    expect([await deliver(mail('evt_1')), await deliver(mail('evt_1'))]).toEqual([500, 200])
    const [entry] = (await journal.find()).entries
    expect(entry).toMatchObject({ state: 'handled', attempts: [{ kind: 'failed', status: 500 }, { kind: 'handled' }] })
  })

  it('tells when work will take a failed event: once the provider has given up', async () => {
    const journal = durableJournal()
    const { deliver } = setUp({ journal }, () => 500)
    await deliver(mail('evt_1'))
    const [entry] = (await journal.find()).entries
    expect(Number(entry!.nextAttemptAt) - Number(entry!.firstReceivedAt)).toBe(525_000)
  })

  it('is asked after the store in front of it, and the store follows it', async () => {
    const [journal, store] = [durableJournal(), memoryStore()]
    const handle = vi.fn(() => 200)
    await setUp({ journal }, handle).deliver(mail('evt_1'))
    const { deliver, outcomes } = setUp({ journal, store }, handle)
    expect([await deliver(mail('evt_1')), await deliver(mail('evt_1'))]).toEqual([200, 200])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['duplicate', 'duplicate'])
    expect(await store.claim('openmail:evt_1', 1_000, { provider: 'openmail', type: '' })).toEqual({ status: 'done' })
    expect(handle).toHaveBeenCalledTimes(1)
  })

  it('acknowledges nothing that it does not hold', async () => {
    const store = memoryStore()
    const rows: JournalStore = { ...bound(memoryJournalStore()), begin: () => Promise.reject(new Error('down')) }
    const handle = vi.fn(() => 200)
    const { deliver, outcomes } = setUp({ journal: durableJournal(rows), store }, handle)
    expect(await deliver(mail('evt_1'))).toBe(503)
    expect(outcomes).toMatchObject([{ kind: 'rejected', code: 'journal_unavailable' }])
    expect(handle).not.toHaveBeenCalled()
    // The claim in front was given back.
    expect(await store.claim('openmail:evt_1', 1_000, { provider: 'openmail', type: '' })).toMatchObject({
      status: 'claimed',
    })
  })

  it('keeps an authentic payload that does not fit as failed, for a replay after an upgrade', async () => {
    const journal = durableJournal()
    const { deliver } = setUp({ journal })
    expect(await deliver(mail('evt_1', { message: 'a text' }))).toBe(422)
    expect(await deliver(mail('evt_1', { message: 'a text' }))).toBe(422)
    await settled()
    const [entry] = (await journal.find({ type: 'message.received' })).entries
    expect(entry).toMatchObject({
      id: 'openmail:evt_1',
      state: 'failed',
      attempts: [
        { number: 1, kind: 'rejected', status: 422, code: 'payload_invalid' },
        { number: 2, kind: 'rejected', status: 422, code: 'payload_invalid' },
      ],
    })
    expect(entry).not.toHaveProperty('nextAttemptAt')
    const seen: unknown[] = []
    const count = await journal.replay({ state: 'failed' }, ({ event }) => void seen.push(event.type))
    expect([count, seen]).toEqual([{ handled: 1, failed: 0, skipped: 0 }, ['unknown']])
  })

  it('refuses the receiver of another namespace', () => {
    const journal = durableJournal(undefined, { namespace: 'shop' })
    expect(() => setUp({ journal })).toThrow("webhooks: the namespace is '' and that of the journal 'shop'")
  })

  it('refuses to keep entries for a shorter time than the provider retries', () => {
    const journal = durableJournal(undefined, { keepMs: 1_000 })
    expect(() => setUp({ journal })).toThrow("webhooks: the journal's keepMs (1000) must be at least as long as")
  })
})

describe('a journal in memory', () => {
  it('records, and leaves it to the store what was handled', async () => {
    const journal = memoryJournal()
    const { deliver } = setUp({ journal, store: memoryStore() })
    await deliver(mail('evt_1'))
    const again = setUp({ journal, store: memoryStore() })
    await again.deliver(mail('evt_1'))
    expect(again.outcomes).toMatchObject([{ kind: 'handled' }])
  })

  it('notes each run of an event that the store has forgotten', async () => {
    const journal = memoryJournal()
    await setUp({ journal, store: memoryStore() }).deliver(mail('evt_1'))
    await setUp({ journal, store: memoryStore() }, () => 200).deliver(mail('evt_1'))
    await setUp({ journal, store: memoryStore() }, () => 500).deliver(mail('evt_1'))
    await settled()
    const [entry] = (await journal.find()).entries
    expect(entry).toMatchObject({
      state: 'handled',
      attempts: [
        { number: 1, kind: 'handled', status: 200 },
        { number: 2, kind: 'handled', status: 200 },
        { number: 3, kind: 'failed', status: 500 },
      ],
    })
  })

  it('keeps what was refused, and says why', async () => {
    const journal = memoryJournal()
    const { deliver } = setUp({ journal })
    const sent = mail('evt_1')
    expect(await deliver({ ...sent, body: JSON.stringify(JSON.parse(String(sent.body)), null, 2) })).toBe(401)
    await settled()
    const [refusal] = await journal.refusals()
    expect(refusal).toMatchObject({ code: 'signature_invalid', provider: 'openmail' })
    expect(await journal.diagnose(refusal!.id, { secrets: ['key'] })).toMatchObject({ code: 'body_reserialized' })
  })
})

describe('replay', () => {
  it('brings back the events of an hour in which the handler had a bug', async () => {
    const journal = durableJournal()
    const { deliver } = setUp({ journal }, () => 500)
    for (const id of ['evt_1', 'evt_2', 'evt_3']) await deliver(mail(id))
    const handled: string[] = []
    const result = await journal.replay(
      { state: 'failed', since: Date.now() - 60_000 },
      {
        'message.received': async ({ id, event, replayed }) => {
          if (id.endsWith('2')) throw new Error(`no room for ${event.payload.message.from}`)
          handled.push(`${id} ${replayed}`)
        },
      },
    )
    expect(result).toEqual({ handled: 2, failed: 1, skipped: 0 })
    expect(handled).toEqual(['openmail:evt_1 true', 'openmail:evt_3 true'])
    const [failed] = (await journal.find({ state: 'failed' })).entries
    expect(failed!.attempts.at(-1)).toMatchObject({ source: 'replay', kind: 'failed', error: { name: 'Error' } })
  })

  it('runs nothing that was handled between the search and its turn', async () => {
    let now = Date.now()
    // Each comes later than the one before, also on a quick machine.
    const rows = memoryJournalStore({ now: () => now++ })
    const journal = durableJournal(rows)
    const statuses = [500, 500, 500, 200]
    const { deliver } = setUp({ journal }, () => statuses.shift())
    for (const id of ['evt_1', 'evt_2', 'evt_3']) await deliver(mail(id))
    const seen: string[] = []
    const count = await journal.replay({ state: 'failed' }, async ({ id }) => {
      seen.push(id)
      // The provider retries the next one meanwhile; of the last one it only sends another attempt that fails.
      if (id === 'openmail:evt_1') await deliver(mail('evt_2'))
      if (id === 'openmail:evt_1') await rows.note(ofKey('openmail:evt_3'), NOTED)
    })
    expect([count, seen]).toEqual([{ handled: 2, failed: 0, skipped: 1 }, ['openmail:evt_1', 'openmail:evt_3']])
  })

  it('leaves a handled event handled when its rerun fails', async () => {
    const journal = durableJournal()
    await setUp({ journal }).deliver(mail('evt_1'))
    const fail = () => Promise.reject(new Error('not today'))
    expect(await journal.replay(['openmail:evt_1', 'openmail:nobody'], fail)).toEqual({
      handled: 0,
      failed: 1,
      skipped: 1,
    })
    const [entry] = (await journal.find()).entries
    expect(entry).toMatchObject({
      state: 'handled',
      attempts: [{ kind: 'handled' }, { kind: 'failed', source: 'replay' }],
    })
  })

  it('recognises a body anew by the providers it is given', async () => {
    const journal = durableJournal()
    await setUp({ journal }).deliver(mail('evt_1', { message: 'a text' }))
    const providers = [openMail({ secrets: ['key'] })]
    expect(await journal.replay(['openmail:evt_1'], () => {}, { providers })).toMatchObject({ failed: 1 })
  })
})

describe('work', () => {
  it('handles what handOff has queued, after the answer', async () => {
    const journal = durableJournal()
    const { deliver, outcomes } = setUp({ journal, handOff: journal.handOff })
    const seen: string[] = []
    const worker = journal.work(({ id }) => void seen.push(id))
    expect(await deliver(mail('evt_1'))).toBe(200)
    expect(outcomes).toMatchObject([{ kind: 'queued', settled: true }])
    await vi.waitFor(() => expect(seen).toEqual(['openmail:evt_1']))
    await worker.stop()
    const [entry] = (await journal.find()).entries
    expect(entry).toMatchObject({
      state: 'handled',
      attempts: [{ kind: 'queued' }, { kind: 'handled', source: 'retry' }],
    })
  })

  it('tries again, and gives up after its attempts', async () => {
    let now = Date.now()
    const journal = durableJournal(memoryJournalStore({ now: () => now }))
    const { deliver } = setUp({ journal, handOff: journal.handOff })
    await deliver(mail('evt_1'))
    const handle = vi.fn(() => Promise.reject(new Error('down')))
    const worker = journal.work(handle, { attempts: 2 })
    await vi.waitFor(() => expect(handle).toHaveBeenCalledTimes(1))
    await worker.idle()
    now += 10_000
    await vi.waitFor(() => expect(handle).toHaveBeenCalledTimes(2), 3_000)
    await worker.idle()
    await worker.stop()
    const [entry] = (await journal.find()).entries
    expect(entry).toMatchObject({
      state: 'dead',
      attempts: [{}, { kind: 'failed' }, { kind: 'dead', error: { message: 'down' } }],
    })
  })

  it('queues what a wrapped hand-off passes on', async () => {
    const journal = durableJournal()
    const { deliver } = setUp({ journal, handOff: (delivery, terms) => journal.handOff(delivery, terms) })
    expect(await deliver(mail('evt_1'))).toBe(200)
    expect((await journal.find({ state: 'queued' })).entries[0]!.nextAttemptAt).toBeDefined()
  })
})

describe('find', () => {
  it('finds by address, in any spelling, and by id', async () => {
    const journal = durableJournal()
    await setUp({ journal }).deliver(mail('evt_1', { inbox_id: 'inb_7' }))
    expect((await journal.find({ about: 'inb_7' })).entries).toHaveLength(1)
    expect((await journal.find({ about: 'inb_8' })).entries).toHaveLength(0)
  })

  it('gives page after page, the newest first', async () => {
    const journal = durableJournal()
    const { deliver } = setUp({ journal })
    for (const id of ['evt_1', 'evt_2', 'evt_3']) await deliver(mail(id))
    const first = await journal.find({ limit: 2 })
    const second = await journal.find({ limit: 2, after: first.next })
    expect([...first.entries, ...second.entries].map(({ id }) => id).sort()).toEqual([
      'openmail:evt_1',
      'openmail:evt_2',
      'openmail:evt_3',
    ])
    expect(second.next).toBeUndefined()
  })

  it('opens a delivery with its bytes', async () => {
    const journal = durableJournal()
    const sent = mail('evt_1')
    await setUp({ journal }).deliver(sent)
    const delivery = await journal.open('openmail:evt_1')
    expect(Buffer.from(delivery!.rawBody()).toString()).toBe(sent.body)
    expect(delivery!.event).toMatchObject({ type: 'message.received', id: 'evt_1', payload: { event_id: 'evt_1' } })
    expect(await journal.open('openmail:evt_2')).toBeUndefined()
  })
})

/** A store's methods, so that some can be replaced. */
function bound(rows: JournalStore): JournalStore {
  return new Proxy({} as JournalStore, {
    ownKeys: () => Reflect.ownKeys(Object.getPrototypeOf(rows)),
    getOwnPropertyDescriptor: (_target, name) => ({
      value:
        typeof Reflect.get(rows, name) === 'function' ? Reflect.get(rows, name).bind(rows) : Reflect.get(rows, name),
      enumerable: true,
      configurable: true,
    }),
    get: (_target, name) => Reflect.get(rows, name).bind(rows),
  })
}
