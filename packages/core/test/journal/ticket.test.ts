import { createHmac, hkdfSync } from 'node:crypto'
import {
  createReceiver,
  type Delivery,
  defineProvider,
  type Journal,
  memoryStore,
  openMail,
  type ReceiverOptions,
  standardWebhooks,
} from '@mailbox-hooks/core'
import { memoryJournalStore, TICKET_HEADER } from '@mailbox-hooks/core/journal'
import { describe, expect, it, vi } from 'vitest'
import { receive } from '../request.js'
import { durableJournal, mail, SEALING_KEY, setUp } from './journaled.js'

/** A journal with one failed entry, and a receiver for its tickets. */
async function withFailedEntry(options: Partial<ReceiverOptions> = {}, given?: Journal) {
  const rows = memoryJournalStore()
  const journal = given ?? durableJournal(rows)
  await setUp({ journal }, () => 500).deliver(mail('evt_1'))
  const seen: Delivery[] = []
  const receiver = createReceiver({ providers: [openMail({ secrets: ['key'] })], journal, ...options })
  const send = async (ticket: string, { headers = {}, body = '' } = {}, status = 200) => {
    const reception = await receive(receiver, { headers: { [TICKET_HEADER]: ticket, ...headers }, body })
    if (reception.answer !== undefined) return `${reception.answer.status} ${reception.answer.body}`
    seen.push(reception.delivery)
    await reception.settle(status)
    return `${status}`
  }
  return { rows, journal, send, seen }
}

const acme = standardWebhooks({
  name: 'acme',
  secrets: [`whsec_${Buffer.alloc(24, 1).toString('base64')}`],
  events: {},
})

const basic = defineProvider({
  name: 'basic',
  signature: { authorization: 'Basic', secrets: ['user:password'], readings: [{ name: 'token', algorithm: 'token' }] },
  retries: { spanMs: 3_600_000, maxHandlerMs: 60_000, clientErrorsAreFinal: false },
  events: () => ({}),
  describe: () => ({}),
})

const UNKNOWN_SENDER = '401 {"received":false,"error":"signature_invalid"}'

/** A ticket as the design describes it, made without the code under test. */
function ticketOf(content: readonly unknown[], key: Uint8Array = SEALING_KEY) {
  const text = Buffer.from(JSON.stringify(content)).toString('base64url')
  const derived = Buffer.from(hkdfSync('sha256', key, '', 'mailbox-hooks ticket 1', 32))
  return `${text}.${createHmac('sha256', derived).update(text).digest('base64url')}`
}

const now = () => Math.floor(Date.now() / 1000)

describe('a replay ticket', () => {
  it('runs the handler for its entry, once', async () => {
    const { journal, send, seen } = await withFailedEntry()
    const ticket = await journal.ticket('openmail:evt_1')
    expect(await send(ticket)).toBe('200')
    expect(seen).toMatchObject([{ id: 'openmail:evt_1', replayed: true, event: { type: 'message.received' } }])
    expect(await send(ticket)).toMatch(/^409 .*ticket_spent/)
    const [entry] = (await journal.find()).entries
    expect(entry).toMatchObject({
      state: 'handled',
      attempts: [{ kind: 'failed' }, { kind: 'handled', source: 'replay' }],
    })
  })

  it('is not made for an entry that is in none of the wanted states any more', async () => {
    const journal = durableJournal()
    const { deliver } = setUp({ journal })
    await deliver(mail('evt_1'))
    await expect(journal.ticket('openmail:evt_1', { state: ['failed', 'dead'] })).rejects.toThrow('is handled now')
    expect(await journal.ticket('openmail:evt_1', { state: 'handled' })).toMatch(/^[\w-]+\.[\w-]{43}$/)
  })

  it('has the form that other programs can make', async () => {
    const { rows, send } = await withFailedEntry()
    expect(await send(ticketOf([1, await rows.journalId(), 'openmail:evt_1', 1, now()]))).toBe('200')
  })

  it.each([0, 1, 2])('holds with each sealing key, because keys are rolled: key %i', async (index) => {
    const keys = [SEALING_KEY, new Uint8Array(32).fill(8), new Uint8Array(32).fill(9)]
    const rows = memoryJournalStore()
    const { send } = await withFailedEntry({}, durableJournal(rows, { sealingKeys: keys }))
    const ticket = ticketOf([1, await rows.journalId(), 'openmail:evt_1', 1, now()], keys[index])
    expect(await send(ticket)).toBe('200')
  })

  it('is spent by a run that fails, too', async () => {
    const { journal, send } = await withFailedEntry()
    const ticket = await journal.ticket('openmail:evt_1')
    expect([await send(ticket, {}, 500), await send(ticket)]).toEqual(['500', expect.stringMatching(/^409/)])
    expect((await journal.find()).entries[0]).toMatchObject({ state: 'failed' })
  })

  it('is refused while the entry is being handled', async () => {
    const { rows, journal, send } = await withFailedEntry()
    const before = await journal.ticket('openmail:evt_1')
    let end = () => {}
    const running = journal.replay(['openmail:evt_1'], () => new Promise<void>((resolve) => (end = resolve)))
    await vi.waitFor(async () => expect((await rows.stats(''))[0]).toMatchObject({ state: 'received' }))
    expect(await send(before)).toMatch(/^409 .*ticket_spent/)
    expect(await send(await journal.ticket('openmail:evt_1'))).toMatch(/^409 .*entry_in_use/)
    end()
    await running
  })

  it('is answered 404 where its entry is of a provider that is not here', async () => {
    const { journal } = await withFailedEntry()
    const { send } = await withFailedEntry({ journal, providers: [openMail({ secrets: ['key'], account: 'eu' })] })
    expect(await send(await journal.ticket('openmail:evt_1'))).toMatch(/^404 .*entry_not_found/)
  })

  it('is put into the queue again where there is a hand-off, under a job id of its own', async () => {
    const jobs: string[] = []
    const handOff: ReceiverOptions['handOff'] = async (_delivery, { jobId }) => jobs.push(jobId)
    const { journal, send } = await withFailedEntry({ handOff })
    expect(await send(await journal.ticket('openmail:evt_1'))).toMatch(/^200 .*queued/)
    expect(await send(await journal.ticket('openmail:evt_1'))).toMatch(/^200 .*queued/)
    expect(new Set(jobs).size).toBe(2)
  })

  it.each<
    [
      string,
      (given: { id: string; ticket: string }) => { ticket: string; headers?: Record<string, string>; body?: string },
    ]
  >([
    ['without a form', () => ({ ticket: 'x' })],
    ['with a changed content', ({ ticket }) => ({ ticket: `A${ticket.slice(1)}` })],
    [
      'with a changed MAC',
      ({ ticket }) => ({ ticket: `${ticket.slice(0, -2)}${ticket.endsWith('AA') ? 'BB' : 'AA'}` }),
    ],
    ['of another key', ({ id }) => ({ ticket: ticketOf([1, id, 'openmail:evt_1', 1, now()], Buffer.alloc(32, 7)) })],
    ['that is 61 s old', ({ id }) => ({ ticket: ticketOf([1, id, 'openmail:evt_1', 1, now() - 62]) })],
    ['from the future', ({ id }) => ({ ticket: ticketOf([1, id, 'openmail:evt_1', 1, now() + 63]) })],
    ['of another journal', () => ({ ticket: ticketOf([1, '00'.repeat(16), 'openmail:evt_1', 1, now()]) })],
    ['of another version', ({ id }) => ({ ticket: ticketOf([2, id, 'openmail:evt_1', 1, now()]) })],
    ['with a body', ({ ticket }) => ({ ticket, body: '{}' })],
    ['beside a signature', ({ ticket }) => ({ ticket, headers: { 'x-signature': 'ab' } })],
    ['signed twice', ({ ticket }) => ({ ticket: `${ticket}, ${ticket}` })],
  ])('%s is refused like an unknown sender', async (_title, change) => {
    const { rows, journal, send, seen } = await withFailedEntry()
    const { ticket, headers, body } = change({
      id: await rows.journalId(),
      ticket: await journal.ticket('openmail:evt_1'),
    })
    expect(await send(ticket, { headers, body })).toBe(UNKNOWN_SENDER)
    expect(seen).toEqual([])
  })

  it.each(['webhook-signature', 'svix-signature', 'authorization'])(
    'beside the header %s of any provider here is refused like an unknown sender, because a request is one or the other',
    async (header) => {
      const providers = [openMail({ secrets: ['key'] }), acme, basic]
      const { journal, send, seen } = await withFailedEntry({ providers })
      expect(await send(await journal.ticket('openmail:evt_1'), { headers: { [header]: 'x' } })).toBe(UNKNOWN_SENDER)
      expect(seen).toEqual([])
    },
  )

  it('is refused by a receiver without a journal', async () => {
    const { journal } = await withFailedEntry()
    const { send } = await withFailedEntry({ journal: undefined, store: memoryStore() })
    expect(await send(await journal.ticket('openmail:evt_1'))).toBe(UNKNOWN_SENDER)
  })

  it('reads nothing from the database before its MAC is known to be good', async () => {
    const { rows, send } = await withFailedEntry()
    const read = vi.spyOn(rows, 'read')
    const journalId = vi.spyOn(rows, 'journalId')
    await send(ticketOf([1, '', 'openmail:evt_1', 1, now()], Buffer.alloc(32, 7)))
    expect([read.mock.calls, journalId.mock.calls]).toEqual([[], []])
  })
})
