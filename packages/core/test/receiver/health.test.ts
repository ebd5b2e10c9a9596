import { coldMailReseller, createReceiver, type DedupStore, memoryStore, openMail } from '@mailbox-hooks/core'
import { memoryJournalStore } from '@mailbox-hooks/core/journal'
import { describe, expect, it, vi } from 'vitest'
import { durableJournal, mail, setUp } from '../journal/journaled.js'

const part = { ok: true, ms: expect.any(Number) }
const failed = (error: string) => ({ ok: false, ms: expect.any(Number), error })
const refuse = () => Promise.reject(Object.assign(new Error('postgres://user:secret@host'), { code: 'ECONNREFUSED' }))
const hang = () => new Promise<never>(() => {})
const providers = [
  openMail({ secrets: ['openmail-signing-key'] }),
  coldMailReseller({ secrets: ['cold-mail-reseller-key'], account: 'eu' }),
] as const

describe('health', () => {
  it('asks store, journal and queue, and says when each provider was last heard of', async () => {
    const store = memoryStore()
    const now = () => Date.parse('2026-01-01T00:00:00Z')
    const journal = durableJournal()
    const { receiver } = setUp({ providers, store, journal, handOff: journal.handOff, now })
    expect(await receiver.health()).toEqual({
      ok: true,
      store: part,
      journal: part,
      queue: part,
      providers: [{ name: 'openmail' }, { name: 'cold-mail-reseller', account: 'eu' }],
    })
  })

  it('remembers the last authentic delivery, and no forgery', async () => {
    const { receiver, deliver } = setUp({})
    await deliver({ ...mail('evt_1'), body: '{"forged":true}' })
    expect((await receiver.health()).providers).toEqual([{ name: 'openmail' }])
    const before = Date.now()
    await deliver(mail('evt_1'))
    const [{ lastReceivedAt } = { lastReceivedAt: undefined }] = (await receiver.health()).providers
    expect(lastReceivedAt!.getTime()).toBeGreaterThanOrEqual(before)
  })

  it('knows from the journal what came before this process began', async () => {
    const journal = durableJournal()
    await setUp({ journal }).deliver(mail('evt_1'))
    const [heard] = (await setUp({ journal }).receiver.health()).providers
    expect(heard).toEqual({ name: 'openmail', lastReceivedAt: expect.any(Date) })
  })

  it.each<[string, Partial<DedupStore>, string]>([
    ['refuses', { position: refuse }, 'The store failed (ECONNREFUSED).'],
    ['hangs', { position: hang }, 'The store did not answer within 20 ms.'],
    [
      'throws',
      {
        ping: () => {
          throw new Error('secret')
        },
      },
      'The store failed.',
    ],
  ])('says so if the store %s, and nothing of addresses or credentials', async (_how, broken, error) => {
    const { receiver } = setUp({ store: Object.assign(memoryStore(), broken) })
    const health = await receiver.health({ timeoutMs: 20 })
    expect(health).toMatchObject({ ok: false, store: failed(error) })
  })

  it('is not well while one part does not answer, though the others do', async () => {
    const handOff = Object.assign(async () => {}, { ping: hang })
    const { receiver } = setUp({ store: memoryStore(), handOff })
    expect(await receiver.health({ timeoutMs: 20 })).toMatchObject({ ok: false, store: part, queue: { ok: false } })
  })

  it('says so if the journal or the queue does not answer', async () => {
    const rows = memoryJournalStore()
    const journal = durableJournal(rows)
    const handOff = Object.assign(async () => {}, { ping: hang })
    const { receiver } = setUp({ journal, handOff })
    vi.spyOn(rows, 'journalId').mockImplementation(refuse)
    vi.spyOn(rows, 'find').mockImplementation(hang)
    expect(await receiver.health({ timeoutMs: 20 })).toEqual({
      ok: false,
      journal: failed('The journal failed (ECONNREFUSED).'),
      queue: failed('The queue did not answer within 20 ms.'),
      providers: [{ name: 'openmail' }],
    })
  })

  it.each(['ping', 'position', 'isDone', 'release'] as const)('asks a store that has only %s', async (name) => {
    const { claim, complete, release, extend } = memoryStore()
    const store = { claim, complete, release, extend, [name]: vi.fn(async () => false) }
    const { receiver } = setUp({ store: store as unknown as DedupStore })
    expect((await receiver.health()).store).toEqual(part)
    expect(store[name]).toHaveBeenCalledTimes(1)
  })

  it('does not ask a hand-off without a ping', async () => {
    expect(await setUp({ handOff: async () => {} }).receiver.health()).not.toHaveProperty('queue')
  })

  it('refuses a wrong option', async () => {
    const { receiver } = setUp({})
    await expect(receiver.health({ timeoutMs: 0 })).rejects.toThrow(/health: timeoutMs must be a number above 0/)
  })
})

describe('idle', () => {
  const isSettled = async (promise: Promise<unknown>) => {
    let is = false
    void promise.then(() => (is = true))
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    return is
  }

  it('waits for requests and handlers, and for nothing else', async () => {
    let end: (status: number) => void = () => {}
    const { receiver, deliver } = setUp({}, () => new Promise((resolve) => (end = resolve)))
    await receiver.idle()
    const answer = deliver(mail('evt_1'))
    expect(await isSettled(receiver.idle())).toBe(false)
    // A delivery that begins and ends meanwhile changes nothing.
    await deliver({ ...mail('evt_2'), body: 'forged' })
    expect(await isSettled(receiver.idle())).toBe(false)
    end(200)
    await answer
    await receiver.idle()
  })

  it('waits for a claim that is on its way', async () => {
    const store = memoryStore()
    const { claim } = store
    let goOn = () => {}
    const held = new Promise<void>((resolve) => (goOn = resolve))
    Object.assign(store, { claim: (...args: Parameters<typeof claim>) => held.then(() => claim.apply(store, args)) })
    const { receiver, deliver } = setUp({ store })
    const answer = deliver(mail('evt_1'))
    expect(await isSettled(receiver.idle())).toBe(false)
    goOn()
    await Promise.all([answer, receiver.idle()])
  })

  it('waits for a handler that was abandoned', async () => {
    let end: (status: number) => void = () => {}
    const outcomes: string[] = []
    const options = { maxHandlerMs: 20, leaseMs: 20, onOutcome: ({ kind }: { kind: string }) => outcomes.push(kind) }
    const { receiver, deliver } = setUp(options, () => new Promise((resolve) => (end = resolve)))
    const answer = deliver(mail('evt_1'))
    await vi.waitFor(() => expect(outcomes).toEqual(['abandoned']))
    expect(await isSettled(receiver.idle())).toBe(false)
    end(200)
    await Promise.all([answer, receiver.idle()])
  })

  it('counts a handler once that says it leaves, and settles', async () => {
    const receiver = createReceiver({ providers: [openMail({ secrets: ['openmail-signing-key'] })] })
    await receiver.idle()
    const { receiver: other } = setUp({})
    const { headers, body } = mail('evt_1')
    const request = {
      method: 'POST',
      header: (name: string) => headers[name],
      readBody: async () => Buffer.from(body as string),
      isOpenEnded: () => false,
    }
    const first = await other.receive(request)
    const second = await other.receive({
      ...request,
      header: (name: string) => mail('evt_2').headers[name],
      readBody: async () => Buffer.from(mail('evt_2').body as string),
    })
    if (first.answer !== undefined || second.answer !== undefined) throw new Error('not accepted')
    first.leave()
    await first.settle(200)
    expect(await isSettled(other.idle())).toBe(false)
    second.leave()
    await other.idle()
  })
})
